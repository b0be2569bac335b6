import { expect, test } from "vitest";
import { type ErrorHeader, lastFailure, readFailures } from "./error-headers.ts";

const set = (offset: string, message: string | null): ErrorHeader[] => [
  ["__connect.errors.topic", "shop.public.orders"],
  ["__connect.errors.partition", "1"],
  ["__connect.errors.offset", offset],
  ["__connect.errors.connector.name", "warehouse-sink"],
  ["__connect.errors.task.id", "0"],
  ["__connect.errors.stage", "VALUE_CONVERTER"],
  ["__connect.errors.class.name", "io.apicurio.registry.utils.converter.AvroConverter"],
  ["__connect.errors.exception.class.name", "org.apache.kafka.connect.errors.DataException"],
  ["__connect.errors.exception.message", message],
  [
    "__connect.errors.exception.stacktrace",
    "org.apache.kafka.connect.errors.DataException: x\n\tat a.B.c(B.java:1)\n",
  ],
];

test("reads where a record came from and how it failed", () => {
  const failures = readFailures([["trace-id", "abc"], ...set("77", "Unknown magic byte!")]);

  expect(failures).toHaveLength(1);
  expect(lastFailure(failures)).toMatchObject({
    original: { topic: "shop.public.orders", partition: 1, offset: 77 },
    connector: "warehouse-sink",
    task: 0,
    stage: "VALUE_CONVERTER",
    message: "Unknown magic byte!",
  });
});

test("a record that failed twice keeps both attempts, and the last one counts", () => {
  const failures = readFailures([...set("77", "first"), ...set("90", "second")]);

  expect(failures.map((failure) => failure.message)).toEqual(["first", "second"]);
  expect(lastFailure(failures).original?.offset).toBe(90);
});

test("a second set that misses its topic header is still a second set", () => {
  const failures = readFailures([...set("77", "first"), ...set("90", "second").slice(1)]);

  expect(failures).toHaveLength(2);
  expect(failures[1]).toMatchObject({ message: "second", original: undefined });
});

test.each([
  ["no error headers at all", []],
  [
    "numbers that are none",
    [
      ["__connect.errors.topic", "a"],
      ["__connect.errors.partition", "-1"],
      ["__connect.errors.offset", "9".repeat(30)],
    ],
  ],
  ["a stage nobody knows", [["__connect.errors.stage", "SOMEWHERE"]]],
] as [string, ErrorHeader[]][])(
  "%s: the record is kept and what is unknown is said to be",
  (_case, headers) => {
    expect(lastFailure(readFailures(headers))).toMatchObject({ original: undefined, stage: "UNKNOWN" });
  },
);

test("an exception without a message has none", () => {
  expect(lastFailure(readFailures(set("1", null))).message).toBeUndefined();
});

test("headers that a client sorted by name are dealt out to the same two failures", () => {
  const inTurn = [...set("77", "first"), ...set("90", "second")];
  const byName = [...inTurn].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

  expect(readFailures(byName)).toEqual(readFailures(inTurn));
});
