import { expect, test } from "vitest";
import { decodePart, decodePlain } from "./decode-record.ts";

test.each([
  ["JSON", '{"id":1}', "json", { id: 1 }],
  ["JSON with Connect's schema", '{"schema":{"type":"struct"},"payload":{"id":1}}', "json-schema", { id: 1 }],
  [
    "an integer beyond 2^53 keeps its digits",
    '{"lsn":9007199254740993}',
    "json",
    { lsn: "9007199254740993" },
  ],
  ["text", "hello", "text", "hello"],
  ["broken JSON is text", '{"id":', "text", '{"id":'],
] as const)("%s", (_case, text, format, value) => {
  expect(decodePlain(Buffer.from(text))).toEqual({ format, value });
});

test("bytes that are no text are shown in hexadecimal", () => {
  expect(decodePlain(Buffer.from([0xff, 0x00]))).toEqual({ format: "hex", value: "\\xff00" });
});

test("a tombstone has no value", async () => {
  const decoded = await decodePart({ key: null, value: null, headers: {} }, "value", undefined);

  expect(decoded).toEqual({ format: "null", value: null });
});

test("framed bytes without a registry say why they are raw", async () => {
  const record = { key: null, value: Buffer.from([0, 0, 0, 0, 7, 2]), headers: {} };

  const decoded = await decodePart(record, "value", undefined);

  expect(decoded).toMatchObject({ format: "hex", value: "\\x000000000702" });
  expect(decoded.problem).toContain("no schema registry");
});
