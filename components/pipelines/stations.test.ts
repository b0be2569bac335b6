import { expect, test } from "vitest";
import type { PipelineTable } from "#domain/pipelines/pipeline-view.ts";
import { pipelineTotals, sinkTotals } from "./stations.ts";

const nothing: PipelineTable = {
  name: "a",
  topic: "a",
  topicExists: false,
  state: null,
  captured: null,
  retained: null,
  committedAt: null,
  capturedAt: null,
  lastOp: null,
  position: null,
  perSecond: null,
  lagEvents: null,
  waitingSince: null,
  sinks: [],
};
const sink = {
  name: "w",
  target: "t",
  delivered: 5,
  deliveredAt: 1,
  lagEvents: 2,
  waitingSince: 7,
  perSecond: 1,
  lost: 0,
};

test("what was never measured is missing, not zero", () => {
  expect(pipelineTotals({ tables: [nothing] })).toMatchObject({
    captured: null,
    delivered: null,
    lagEvents: null,
  });
});

test("totals add up over tables and name the oldest wait and the newest commit", () => {
  const tables = [
    {
      ...nothing,
      captured: 10,
      committedAt: new Date(5),
      waitingSince: new Date(7),
      lagEvents: 2,
      sinks: [sink],
    },
    {
      ...nothing,
      captured: 1,
      committedAt: new Date(9),
      waitingSince: new Date(8),
      lagEvents: 1,
      sinks: [{ ...sink, target: "u" }],
    },
  ];

  expect(pipelineTotals({ tables })).toMatchObject({
    captured: 11,
    delivered: 10,
    lagEvents: 3,
    waitingSince: new Date(7),
    newestCommitAt: new Date(9),
    targets: 2,
  });
  expect(sinkTotals({ tables }, "w")).toEqual({ delivered: 10, lagEvents: 4, waitingSince: new Date(7) });
  expect(sinkTotals({ tables }, "x")).toEqual({ delivered: null, lagEvents: null, waitingSince: null });
});
