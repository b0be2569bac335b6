import { expect, test } from "vitest";
import { formatAge, formatDuration, formatLocal, formatRelative, formatUtc } from "./durations.ts";

test.each([
  [0, "0 s"],
  [400, "400 ms"],
  [1_260, "1.2 s"],
  [12_900, "12 s"],
  [200_000, "3 min 20 s"],
  [7_500_000, "2 h 5 min"],
  [273_600_000, "3 d 4 h"],
  [-5_000, "-5 s"],
])("%i ms lasts %s", (ms, expected) => {
  expect(formatDuration(ms)).toBe(expected);
});

test.each([
  [999, "now"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [47 * 3_600_000, "47 h"],
  [48 * 3_600_000, "2 d"],
])("an age of %i ms reads %s", (ms, expected) => {
  expect(formatAge(ms)).toBe(expected);
});

test("relative times name past and future", () => {
  const at = new Date("2026-11-21T10:16:14Z");

  expect(formatRelative(at, at.getTime() + 240_000)).toBe("4 min ago");
  expect(formatRelative(at, at.getTime() - 180_000)).toBe("in 3 min");
  expect(formatRelative(at, at.getTime())).toBe("just now");
});

test("absolute times carry their zone", () => {
  const at = new Date("2026-11-21T10:16:14.789Z");

  expect(formatUtc(at)).toBe("2026-11-21 10:16:14 UTC");
  expect(formatLocal(at)).toMatch(/^2026-11-2\d \d\d:\d\d:14 [+-]\d\d:\d\d$/);
});
