import { expect, test } from "vitest";
import { heatStep, heatWords } from "./heat-steps.ts";

const cell = {
  day: "2026-03-01",
  isChecked: true,
  unexplainedPercent: 0,
  unexplainedRows: 0,
  runs: 3,
  failed: 0,
  level: "within" as const,
};

test.each([
  [cell, "equal"],
  [{ ...cell, unexplainedRows: 2, unexplainedPercent: 0.1 }, "trace"],
  [{ ...cell, unexplainedRows: 2, unexplainedPercent: 2, level: "above_target" as const }, "above"],
  [{ ...cell, unexplainedRows: 2, unexplainedPercent: 9, level: "critical" as const }, "critical"],
  [{ ...cell, level: "unknown" as const }, "unchecked"],
  [{ ...cell, isChecked: false, level: "within" as const }, "unchecked"],
])("%o is %s", (given, step) => {
  expect(heatStep(given)).toBe(step);
});

test("a day nobody checked is never called equal", () => {
  const words = heatWords({ ...cell, isChecked: false, unexplainedPercent: null, failed: 1 });
  expect(words).toBe("2026-03-01: not checked, 1 run failed");
});
