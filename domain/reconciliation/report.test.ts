import { expect, test } from "vitest";
import type { Findings } from "./recommended-action.ts";
import {
  carriedCounts,
  composeReport,
  isFresh,
  type ReportDiscrepancy,
  reportTable,
  type TableResult,
} from "./report.ts";

const findings = (over: Partial<Findings> = {}): Findings => ({
  missingInTarget: 0,
  missingInSource: 0,
  valueMismatch: 0,
  comparedRows: 100,
  causes: {},
  columns: [],
  block: undefined,
  ...over,
});
const discrepancy: ReportDiscrepancy = {
  primary_key: { id: 1 },
  mismatch_type: "value_mismatch",
  source_values: null,
  target_values: null,
  columns: ["name"],
  reason: "different",
  cause: "unexplained",
  state: "open",
};
const result = (over: Partial<TableResult> = {}): TableResult => ({
  sourceTable: "public.orders",
  targetTable: "orders",
  sourceRows: 100,
  targetRows: 100,
  sourceChecksum: "a",
  targetChecksum: "a",
  comparedRows: 100,
  discrepancies: [],
  discrepancyCount: 0,
  unexplainedCount: 0,
  criticalPercent: 5,
  unverifiedBecause: undefined,
  findings: findings(),
  runId: "r",
  checkedAt: new Date(0),
  verifiedThrough: "0/1",
  coverage: 1,
  method: "checksum",
  ...over,
});

test("equal ends are ok, and an ok table lists no row", () => {
  const table = reportTable(result({ discrepancies: [discrepancy] }));

  expect(table).toMatchObject({
    status: "ok",
    discrepancies: [],
    row_count_match: true,
    checksum_match: true,
  });
});

test.each([
  [
    "a changed row",
    { discrepancyCount: 1, findings: findings({ valueMismatch: 1, causes: { unexplained: 1 } }) },
    "checksum_mismatch",
  ],
  [
    "a missing row",
    { discrepancyCount: 1, findings: findings({ missingInTarget: 1, causes: { unexplained: 1 } }) },
    "row_count_mismatch",
  ],
  [
    "more than the critical share",
    { discrepancyCount: 6, findings: findings({ valueMismatch: 6, causes: { unexplained: 6 } }) },
    "critical",
  ],
  [
    "exactly the critical share",
    { discrepancyCount: 5, findings: findings({ valueMismatch: 5, causes: { unexplained: 5 } }) },
    "checksum_mismatch",
  ],
  ["nobody could judge", { unverifiedBecause: "the sink is paused" }, "not_verified"],
] as const)("%s", (_situation, over, status) => {
  const table = reportTable(result(over as Partial<TableResult>));

  expect(table.status).toBe(status);
  expect(table.recommended_action.length).toBeGreaterThan(10);
});

test.each([
  [
    "dead letters first",
    { missingInTarget: 2, causes: { dead_letter: 2 } },
    /Replay or settle the dead letters/,
  ],
  [
    "a mapping is not repaired row by row",
    {
      valueMismatch: 10,
      causes: { unexplained: 10 },
      columns: [{ column: "at", reason: "time_offset", rows: 10 }],
    },
    /correct the mapping/,
  ],
  [
    "a lost batch is one range",
    { missingInTarget: 50, causes: { unexplained: 50 }, block: { first: "10", last: "59" } },
    /from 10 to 59/,
  ],
  [
    "deletes that were not applied",
    { missingInSource: 3, causes: { unexplained: 3 } },
    /deletes were not applied/,
  ],
  ["too many rows", { valueMismatch: 20_000, causes: { unexplained: 20_000 } }, /new snapshot/],
  ["a few rows", { valueMismatch: 2, causes: { unexplained: 2 } }, /Read the 2 rows again/],
] as const)("advice: %s", (_situation, over, expected) => {
  const found = findings(over as Partial<Findings>);
  const count = found.missingInSource + found.missingInTarget + found.valueMismatch;

  expect(reportTable(result({ discrepancyCount: count, findings: found })).recommended_action).toMatch(
    expected,
  );
});

test("the summary counts what is not verified apart from what is ok", () => {
  const report = composeReport({
    reportId: crypto.randomUUID(),
    generatedAt: new Date(0),
    sourceDatabase: "shop",
    targetDatabase: "warehouse",
    tables: [
      reportTable(result()),
      reportTable(result({ unverifiedBecause: "never checked" })),
      reportTable(
        result({ discrepancyCount: 2, findings: findings({ valueMismatch: 2, causes: { unexplained: 2 } }) }),
      ),
    ],
  });

  expect(report.summary).toEqual({
    total_tables: 3,
    tables_ok: 1,
    tables_not_verified: 1,
    tables_with_discrepancies: 1,
    total_discrepancies: 2,
  });
});

test.each([
  ["just made", 0, true],
  ["a day old", 24, true],
  ["older", 24.1, false],
  ["from the future", -1, false],
] as const)("a report %s", (_age, hours, expected) => {
  const now = new Date("2026-11-21T12:00:00Z");

  expect(isFresh({ generated_at: new Date(now.getTime() - hours * 3_600_000) }, now)).toBe(expected);
});

test.each([
  [
    "agree with an equal table",
    { sourceRows: 100, targetRows: 100 },
    0,
    { sourceRows: 100, targetRows: 100 },
  ],
  [
    "tell of rows that are settled since",
    { sourceRows: 100, targetRows: 98 },
    0,
    { sourceRows: null, targetRows: null },
  ],
  [
    "tell of rows that still differ",
    { sourceRows: 100, targetRows: 98 },
    2,
    { sourceRows: 100, targetRows: 98 },
  ],
  ["were never made", { sourceRows: null, targetRows: null }, 0, { sourceRows: null, targetRows: null }],
])("earlier counts that %s", (_what, counts, differing, carried) => {
  expect(carriedCounts(counts, differing)).toEqual(carried);
});
