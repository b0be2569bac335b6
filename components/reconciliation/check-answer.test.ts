import { expect, test } from "vitest";
import { type AnsweredCheck, checkAnswer } from "./check-answer.ts";

const counts = {
  sourceRows: 10,
  targetRows: 10,
  comparedRows: 10,
  missingInTarget: 0,
  missingInSource: 0,
  valueMismatch: 0,
  inFlight: 0,
  unstable: 0,
};
const check: AnsweredCheck = {
  state: "COMPLETED",
  scope: "full",
  method: "checksum",
  isVerified: true,
  message: null,
  progress: null,
  counts,
};

test.each<[Partial<AnsweredCheck>, string]>([
  [{}, "Every row it compared is equal."],
  [
    { counts: { ...counts, unstable: 3 } },
    "Every other row it compared is equal; 3 rows changed at every look.",
  ],
  [
    { counts: { ...counts, missingInTarget: 1, unstable: 1 } },
    "1 row differs, confirmed twice after the target had caught up; 1 row changed at every look.",
  ],
  [
    { counts: { ...counts, valueMismatch: 1_200 } },
    "1,200 rows differ, confirmed twice after the target had caught up.",
  ],
  [
    { method: "row_count", scope: "incremental" },
    "There are as many rows on both ends; values were not compared.",
  ],
  [{ method: "row_count", scope: "keys" }, "Every row it compared is equal."],
  [{ state: "QUEUED", counts: null }, "It waits for a worker."],
  [{ isVerified: false, message: "The sink is paused" }, "The sink is paused"],
])("%o: %s", (given, said) => {
  expect(checkAnswer({ ...check, ...given })).toBe(said);
});
