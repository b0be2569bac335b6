import { expect, test } from "vitest";
import { formatBytes, formatCount, formatCounted, formatRate } from "./numbers.ts";

test("counts show every digit", () => {
  expect(formatCount(123_456_789_012)).toBe("123,456,789,012");
  expect(formatCount(9_007_199_254_740_993n)).toBe("9,007,199,254,740,993");
});

test.each([
  [0, "0 events"],
  [1, "1 event"],
  [1_204, "1,204 events"],
])("%i is said as %s", (value, expected) => {
  expect(formatCounted(value, "event")).toBe(expected);
});

test("irregular plurals are given", () => {
  expect(formatCounted(2, "entry", "entries")).toBe("2 entries");
});

test.each([
  [0, "0 B"],
  [1_536, "1.5 KiB"],
  [5 * 1024 ** 3, "5 GiB"],
])("%i bytes are %s", (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected);
});

test.each([
  [0.44, "0.4/s"],
  [1_234.5, "1,235/s"],
])("a rate of %d reads %s", (rate, expected) => {
  expect(formatRate(rate)).toBe(expected);
});
