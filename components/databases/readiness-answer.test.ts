import { expect, test } from "vitest";
import { readinessAnswer } from "./readiness-answer.ts";

test.each([
  [["ok", "ok"], "Ready: everything a connector needs is there."],
  [["ok", "warning"], "Ready, with 1 warning."],
  [["unknown"], "Not known to be ready: 1 thing that could not be looked up."],
  [["blocker", "blocker", "warning"], "Not ready: 2 things to do before a connector can read it, 1 warning."],
] as const)("%o", (states, answer) => {
  expect(readinessAnswer(states.map((state) => ({ state })))).toBe(answer);
});
