import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { listAuditEntries } from "#server/audit/list-audit-entries.ts";
import { runPlan } from "#server/connectors/testing/lab-pipeline.ts";
import { observerLoops } from "#server/observability/observer-loops.ts";
import { readMetrics } from "#server/observability/read-metrics.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { exportReport } from "./export-report.ts";
import { findTables } from "./find-tables.ts";
import { getCheckedTable } from "./get-checked-table.ts";
import { getFleet, getHeatMap } from "./get-fleet.ts";
import { getHistory } from "./get-history.ts";
import { getCheck, listChecks } from "./list-checks.ts";
import { listDiscrepancies } from "./list-discrepancies.ts";
import { proposeCheck } from "./propose-check.ts";
import { getDiscrepancy, revealDiscrepancy } from "./read-discrepancy.ts";
import { createReport, getReport, listReports } from "./reports.ts";
import { type CheckedPipeline, startCheckedPipeline } from "./testing/checked-pipeline.ts";

let stack: Stack;
let pipeline: CheckedPipeline;
const viewer = an("viewer");
const operator = an("operator", "olga");
const page = { filter: "", sort: "", page: 1, pageSize: 100 };

beforeAll(async () => {
  stack = await startStack();
  pipeline = await startCheckedPipeline(stack.deps, observerLoops, 500);
}, 400_000);
afterAll(async () => {
  await pipeline?.stop();
  await stack.stop();
}, 120_000);

test("a table nobody checked is not checked, and never counts as good", async () => {
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });

  expect(table.verdict).toMatchObject({ state: "not_checked", unexplainedPercent: null, level: "unknown" });
});

test("two equal ends are ok, with position, coverage and cost", async () => {
  const { runId, end } = await pipeline.check("full");

  const run = await getCheck(stack.deps, viewer, { id: runId });
  expect([end, run.message]).toEqual(["COMPLETED", null]);
  expect(run).toMatchObject({ state: "COMPLETED", isVerified: true, coverage: 1, unexplainedPercent: 0 });
  expect(run.counts).toMatchObject({ sourceRows: 500, targetRows: 500, comparedRows: 500, valueMismatch: 0 });
  expect(run.verifiedThrough).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
  expect(run.cost?.rowsRead).toBeGreaterThan(0);
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  expect(table.verdict).toMatchObject({ state: "ok", unexplainedPercent: 0 });
  const { report, isFresh } = await getReport(stack.deps, viewer, { id: run.reportId ?? "" });
  expect(isFresh).toBe(true);
  expect(report.tables).toMatchObject([
    { status: "ok", row_count_match: true, checksum_match: true, discrepancies: [] },
  ]);
});

test("planted differences are found one by one, with kind, columns and reason, and nothing else", async () => {
  await pipeline.onTarget("delete from TABLE where id in (10, 11, 12)");
  await pipeline.onTarget("insert into TABLE (id, name, price, at) values (9001, 'extra', 1, now())");
  await pipeline.onTarget("update TABLE set name = name || '  ' where id = 50");
  await pipeline.onTarget("update TABLE set name = 'somebody else', price = 0 where id = 51");

  const { runId, end } = await pipeline.check("full");

  expect(end).toBe("COMPLETED");
  const { rows } = await listDiscrepancies(stack.deps, viewer, {
    ...page,
    tableId: pipeline.tableId,
    sort: "key",
  });
  expect(rows.map(({ key, type, columns, reason, cause }) => [key, type, columns, reason, cause])).toEqual([
    ["id=10", "missing_in_target", [], null, "unexplained"],
    ["id=11", "missing_in_target", [], null, "unexplained"],
    ["id=12", "missing_in_target", [], null, "unexplained"],
    ["id=50", "value_mismatch", ["name"], "trim", "representation"],
    ["id=51", "value_mismatch", ["name", "price"], "different", "unexplained"],
    ["id=9001", "missing_in_source", [], null, "unexplained"],
  ]);
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  expect(table).toMatchObject({
    verdict: { state: "drift_unexplained" },
    openUnexplained: 5,
    openExplained: 1,
  });
  const run = await getCheck(stack.deps, viewer, { id: runId });
  expect(run.unexplainedPercent).toBeCloseTo((5 / 501) * 100, 5);
  const { report } = await getReport(stack.deps, viewer, { id: run.reportId ?? "" });
  expect(report.tables[0]).toMatchObject({ status: "row_count_mismatch", discrepancy_count: 6 });
  expect(report.tables[0]?.discrepancies).toHaveLength(6);
});

test("both values are read when somebody looks: shapes for everyone, values for those who may, on the trail", async () => {
  const { rows } = await listDiscrepancies(stack.deps, viewer, {
    ...page,
    tableId: pipeline.tableId,
    filter: "key:51",
  });
  const id = rows[0]?.id ?? 0;

  const shown = await getDiscrepancy(stack.deps, viewer, { id });
  const revealed = await revealDiscrepancy(stack.deps, pipeline.engineer, { id });

  expect(JSON.stringify(shown)).not.toContain("somebody else");
  expect(shown.cells.find(({ column }) => column === "name")).toMatchObject({
    differs: true,
    sourceShape: "6 characters",
    targetShape: "13 characters",
  });
  expect(revealed.cells.find(({ column }) => column === "name")).toMatchObject({
    source: "row 51",
    target: "somebody else",
  });
  await expect(revealDiscrepancy(stack.deps, operator, { id })).rejects.toMatchObject({ code: "forbidden" });
  const trail = await listAuditEntries(stack.deps, an("admin"), {
    ...page,
    filter: "action:reconciliation.reveal",
  });
  expect(trail.rows.length).toBeGreaterThan(0);
  expect(JSON.stringify(trail)).not.toContain("somebody else");
});

test("an incremental check looks at touched rows, rows that differed and a slice, and closes what is equal again", async () => {
  await pipeline.onSource("update TABLE set name = 'moved on' where id in (51, 60)");
  await pipeline.onTarget("update TABLE set name = 'row 50' where id = 50");

  const { runId, end } = await pipeline.check("incremental");

  const run = await getCheck(stack.deps, viewer, { id: runId });
  expect([end, run.scope, run.message]).toEqual(["COMPLETED", "incremental", null]);
  expect(run.counts?.comparedRows).toBeLessThan(200);
  const { rows } = await listDiscrepancies(stack.deps, viewer, {
    ...page,
    tableId: pipeline.tableId,
    sort: "key",
  });
  expect(rows.map(({ key }) => key)).toEqual(["id=10", "id=11", "id=12", "id=9001"]);
});

test("history, heat map and fleet tell the same story", async () => {
  const now = stack.deps.now();
  const history = await getHistory(stack.deps, viewer, {
    id: pipeline.tableId,
    from: new Date(now.getTime() - 3_600_000),
    to: new Date(now.getTime() + 60_000),
  });
  const heat = await getHeatMap(stack.deps, viewer, { days: 3, filter: "" });
  const fleet = await getFleet(stack.deps, viewer);
  const runs = await listChecks(stack.deps, viewer, { ...page, tableId: pipeline.tableId });

  expect(history.points.map(({ openUnexplained }) => openUnexplained)).toEqual([0, 5, 4]);
  expect(history.marks.length).toBeGreaterThan(0);
  expect(runs.total).toBe(3);
  const cells = heat.tables.find(({ id }) => id === pipeline.tableId)?.cells ?? [];
  expect(cells.map(({ isChecked }) => isChecked)).toEqual([false, false, true]);
  expect(cells.at(-1)).toMatchObject({ unexplainedRows: 5, level: "within" });
  expect(fleet).toMatchObject({ unexplainedRows: 4, states: { drift_unexplained: 1, ok: 0 } });
  expect(fleet.cost.runs).toBe(3);
  const metrics = await readMetrics(stack.deps);
  expect(metrics).toMatch(
    new RegExp(`cdc_reconciliation_drift_percentage\\{.*${pipeline.table}.*\\} 0\\.79`),
  );
  expect(metrics).toContain('cdc_reconciliation_runs_total{cluster="lab",state="COMPLETED"} 3');
});

test("a report of the whole pipeline is made, kept and exported, and says so on the trail", async () => {
  const { source } = pipeline;
  const { reportId } = await createReport(stack.deps, operator, { cluster: "lab", source });
  const { report } = await getReport(stack.deps, viewer, { id: reportId });
  const json = await exportReport(stack.deps, viewer, { id: reportId, format: "json" });
  const csv = await exportReport(stack.deps, viewer, { id: reportId, format: "csv" });
  const listed = await listReports(stack.deps, viewer, { cluster: "lab", source });

  expect(report.summary).toEqual({
    total_tables: 1,
    tables_ok: 0,
    tables_with_discrepancies: 1,
    tables_not_verified: 0,
    total_discrepancies: 4,
  });
  expect(JSON.parse(json.text)).toMatchObject({ report_id: reportId, source_database: "shop" });
  expect(csv.text.trim().split("\n")).toHaveLength(5);
  expect(listed[0]).toMatchObject({ id: reportId, isFresh: true });
  await expect(createReport(stack.deps, viewer, { cluster: "lab", source })).rejects.toMatchObject({
    code: "forbidden",
  });
});

test.each([
  ["comes back to its pipeline", { goneAt: new Date() }, expect.any(Number)],
  ["is written somewhere else than before", { target: "old_place" }, null],
] as const)("a table that %s is read as a whole next", async (_what, before, unexplainedPercent) => {
  await stack.deps.db
    .update(reconciliationTables)
    .set(before)
    .where(eq(reconciliationTables.id, pipeline.tableId));

  await findTables(stack.deps);

  expect(await pipeline.stored()).toMatchObject({
    goneAt: null,
    target: expect.stringContaining(pipeline.table),
    lastFullRunId: null,
    verifiedAt: unexplainedPercent === null ? null : expect.any(Date),
  });
  const { verdict } = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  expect(verdict).toMatchObject({ state: "drift_unexplained", unexplainedPercent });
});

test("the cost of a check is planned before it is run, and the plan queues it", async () => {
  const tables = { ids: [pipeline.tableId] };
  const { planId, estimates } = await proposeCheck(stack.deps, operator, { tables, scope: "full" });

  const run = await runPlan(stack.deps, operator, planId);

  expect(Object.values(estimates)[0]).toMatchObject({ rows: 500, isExact: false });
  expect(run.end).toBe("succeeded");
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  expect(table.running).toMatchObject({ state: "QUEUED", scope: "full" });
});
