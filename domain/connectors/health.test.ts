import { expect, test } from "vitest";
import { connectorHealth } from "./health.ts";

test.each([
  ["every task running", "RUNNING", ["RUNNING", "RUNNING"], "healthy"],
  ["one dead task out of two", "RUNNING", ["RUNNING", "FAILED"], "degraded"],
  ["all tasks dead under a RUNNING connector", "RUNNING", ["FAILED"], "failed"],
  ["the connector itself failed", "FAILED", ["RUNNING"], "failed"],
  ["stopped on purpose, so no tasks exist", "STOPPED", [], "stopped"],
  ["paused on purpose", "PAUSED", ["PAUSED"], "paused"],
  ["a dead task under a paused connector stays dead", "PAUSED", ["FAILED"], "failed"],
  ["rebalance has not placed the task yet", "RUNNING", ["UNASSIGNED"], "starting"],
  ["no task configurations yet", "RUNNING", [], "starting"],
  ["a task restarting", "RUNNING", ["RESTARTING"], "starting"],
  ["the connector waits for a worker", "UNASSIGNED", [], "starting"],
  ["Connect said nothing about it", undefined, [], "unknown"],
] as const)("%s", (_situation, connector, tasks, expected) => {
  expect(connectorHealth(connector, tasks)).toBe(expected);
});
