import { expect, test } from "vitest";
import { listAnswer } from "./list-answer.ts";

test.each([
  [0, {}, "No connector has been seen yet."],
  [1, { healthy: 1 }, "The one connector is healthy."],
  [3, { healthy: 3 }, "All 3 connectors are healthy."],
  [12, { healthy: 9, failed: 2, paused: 1 }, "12 connectors: 2 failed, 1 paused."],
] as const)("%i with %j", (total, byHealth, sentence) => {
  expect(listAnswer(total, byHealth)).toBe(sentence);
});
