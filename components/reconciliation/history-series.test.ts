import { expect, test } from "vitest";
import { kindSeries, shareSeries } from "./history-series.ts";
import type { TableHistory } from "./reconciliation-outputs.ts";

const point = (
  at: string,
  rest: Partial<TableHistory["points"][number]>,
): TableHistory["points"][number] => ({
  at: new Date(at),
  runId: at,
  state: "COMPLETED",
  unexplainedPercent: 0,
  explainedPercent: 0,
  openUnexplained: 0,
  openExplained: 0,
  missingInTarget: 0,
  missingInSource: 0,
  valueMismatch: 0,
  coverage: 1,
  scope: "full",
  durationMs: 1,
  rowsRead: 1,
  interval: null,
  ...rest,
});

test("a check without a verdict is a gap and not a zero", () => {
  const points = [point("2026-11-21T10:00:00Z", { unexplainedPercent: null, missingInTarget: null })];

  expect(shareSeries(points)[0]?.points[0]?.value).toBeNull();
  expect(kindSeries(points)[0]?.points[0]?.value).toBeNull();
});

test("a look at a few repaired rows says nothing about the kinds in the table", () => {
  const points = [
    point("2026-11-21T10:00:00Z", { missingInTarget: 7 }),
    point("2026-11-21T10:05:00Z", { scope: "keys" }),
  ];

  expect(kindSeries(points).map(({ points: drawn }) => drawn.map(({ value }) => value))).toEqual([
    [7],
    [0],
    [0],
  ]);
  expect(shareSeries(points)[0]?.points).toHaveLength(2);
});
