import { expect, test } from "vitest";
import type { FlowStatus } from "#domain/pipelines/pipeline-view.ts";
import { listAnswer } from "./list-answer.ts";

const rows = (...statuses: FlowStatus[]) => statuses.map((status) => ({ status }));

test.each([
  [rows(), 0, "No pipeline is known yet."],
  [rows("healthy"), 1, "The one pipeline flows."],
  [rows("healthy", "healthy"), 2, "All 2 pipelines flow."],
  [rows("healthy", "failed", "healthy"), 3, "1 failed, 2 flowing."],
  [rows("held"), 200, "200 pipelines, worst first."],
])("%j of %i: %s", (page, total, words) => {
  expect(listAnswer(page, total)).toBe(words);
});
