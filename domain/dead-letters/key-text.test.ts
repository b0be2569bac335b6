import { expect, test } from "vitest";
import { keyText, maskKey } from "./key-text.ts";

test.each([
  [{ id: 42 }, "id=42"],
  [{ tenant: "eu", id: 7 }, "tenant=eu, id=7"],
  ["plain", "plain"],
  [null, "null"],
  [{ at: { day: 1 } }, 'at={"day":1}'],
])("%j reads as %s", (key, expected) => {
  expect(keyText(key)).toBe(expected);
});

test.each([
  ["id=42", "id=42"],
  ["id=7f9c24e5-0000-4000-8000-1234567890ab", "id=7f9c24e5-0000-4000-8000-1234567890ab"],
  ["email=ada@example.org", "email=…"],
  ["tenant=eu, id=7", "tenant=…, id=7"],
  ["ada@example.org", "…"],
  ["12345678901234567890123", "…"],
])("%s is shown as %s to those who may not see payload", (key, expected) => {
  expect(maskKey(key)).toBe(expected);
});

test("a long key is cut", () => {
  expect(keyText("x".repeat(5_000))).toHaveLength(200);
});

test("64-bit numbers keep every digit", () => {
  expect(keyText({ id: 9007199254740993n })).toBe("id=9007199254740993");
});
