import { expect, test } from "vitest";
import { hoursWords, worstHour } from "./drift-hours.ts";

test.each([
  [[0, 0, 0], 0, "At most 0 % unexplained in 3 h, 0 % in the last hour"],
  [[0.5, 0, 0], 0.5, "At most 0.5 % unexplained in 3 h, 0 % in the last hour"],
  [[null, 2, 0], 2, "At most 2 % unexplained in 3 h, 0 % in the last hour; 1 hour not checked"],
  [[0, null, null], 0, "At most 0 % unexplained in 3 h, the last hour not checked; 2 hours not checked"],
  [[null, null, null], null, "Not checked in 3 h"],
])("%j: what nobody checked is never equal", (hours, worst, words) => {
  expect(worstHour(hours)).toBe(worst);
  expect(hoursWords(hours)).toBe(words);
});
