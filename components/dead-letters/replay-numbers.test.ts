import { expect, test } from "vitest";
import { outcomesOf, verdictsOf } from "./replay-numbers.ts";

const counts = [
  { state: "delivered", verdict: "safe", n: 60 },
  { state: "failed", verdict: "chained", n: 2 },
  { state: "skipped", verdict: "chained", n: 3 },
  { state: "skipped", verdict: "superseded", n: 300 },
  { state: "waiting", verdict: "safe", n: 35 },
];

test("verdicts tell how many records there are and how many of them go out", () => {
  expect(verdictsOf(counts)).toEqual([
    { verdict: "safe", records: 95, sent: 95 },
    { verdict: "chained", records: 5, sent: 2 },
    { verdict: "superseded", records: 300, sent: 0 },
    { verdict: "unknown", records: 0, sent: 0 },
    { verdict: "blocked", records: 0, sent: 0 },
  ]);
});

test("outcomes sum to what was planned", () => {
  const outcomes = outcomesOf(counts);

  expect(outcomes).toEqual({ delivered: 60, failed: 2, sent: 0, sending: 0, waiting: 35, skipped: 303 });
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(400);
});
