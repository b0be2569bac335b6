import { expect, test } from "vitest";
import { readMoment } from "./list-filter.ts";

test.each([
  ["2026-11-21", "2026-11-21T00:00:00.000Z"],
  ["2026-11-21T08:00Z", "2026-11-21T08:00:00.000Z"],
  ["2026-11-21T08:00:05.5+02:00", "2026-11-21T06:00:05.500Z"],
])("%s is a moment", (text, moment) => {
  expect(readMoment(text)?.toISOString()).toBe(moment);
});

test.each(["yesterday", "2026-13-40", "2026-11-21T08:00", "21.11.2026", ""])("%s is none", (text) => {
  expect(readMoment(text)).toBeUndefined();
});
