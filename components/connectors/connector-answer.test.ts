import { expect, test } from "vitest";
import { connectorAnswer } from "./connector-answer.ts";

const cause = { exception: "a.B", message: "duplicate key\nDetail: more" };
const trace = { root: cause, chain: [cause], text: "" };
const ran = { state: "RUNNING", trace: undefined } as const;
const died = { state: "FAILED", trace } as const;

test.each([
  ["one task", "healthy", [ran], "Its task runs."],
  ["all tasks", "healthy", [ran, ran], "All 2 tasks run."],
  ["one of two dead", "degraded", [ran, died], "1 of 2 tasks failed: duplicate key"],
  ["all dead", "failed", [died, died], "All 2 tasks failed: duplicate key"],
  ["the only one dead", "failed", [died], "It failed: duplicate key"],
  ["nothing yet", "starting", [], "It is starting; Connect has not made its tasks yet."],
] as const)("%s", (_case, health, tasks, sentence) => {
  expect(connectorAnswer({ health, type: "sink", tasks, trace: undefined })).toBe(sentence);
});
