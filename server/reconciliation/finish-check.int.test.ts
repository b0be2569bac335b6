import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reconciliationDiscrepancies, reconciliationTables } from "#db/schema/reconciliation.ts";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import type { CheckWork } from "./check-lease.ts";
import { hashOfKey } from "./check-parts.ts";
import { completeCheck, failCheck } from "./finish-check.ts";
import { getCheckedTable } from "./get-checked-table.ts";
import { getFleet } from "./get-fleet.ts";
import { getCheck } from "./list-checks.ts";
import { queueCheck } from "./queue-check.ts";
import { reconciliationMetrics } from "./reconciliation-metrics.ts";
import { createReport, getReport } from "./reports.ts";
import { requireCheckedTable, type StoredTable } from "./stored-table.ts";
import { partOf, storeOpenRows, storeRun, storeTable, verified } from "./testing/stored-check.ts";
import { updateSettings } from "./update-settings.ts";

let stack: Stack;
const viewer = an("viewer");
const anyone = an("engineer");
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const WITHOUT_VERDICT: [string, (work: CheckWork, table: StoredTable) => Promise<void>][] = [
  ["fails", (work, table) => failCheck(work, table, "target", "It is away")],
  [
    "comes to no verdict",
    (work, table) => completeCheck(work, table, { outcome: "not_verifiable", reason: "The sink is paused" }),
  ],
];

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

async function statesOf(tableId: number): Promise<Record<string, string>> {
  const rows = await stack.deps.db
    .select()
    .from(reconciliationDiscrepancies)
    .where(eq(reconciliationDiscrepancies.tableId, tableId));
  return Object.fromEntries(rows.map(({ keyText, state }) => [keyText, state]));
}

/** Open rows of a table that no check at work has seen. */
async function seenLongAgo(tableId: number): Promise<void> {
  await stack.deps.db
    .update(reconciliationDiscrepancies)
    .set({ lastSeen: new Date("2026-01-01T00:00:00Z") })
    .where(eq(reconciliationDiscrepancies.tableId, tableId));
}

/** As a run leaves a row that it has just seen. */
const seenBy = ({ run }: CheckWork) => ({
  lastRunId: run.id,
  lastSeen: new Date(stack.deps.now().getTime() + 1_000),
});

test("a row seen equal is closed, one that differed at every look stays open", async () => {
  const table = await storeTable(stack.deps);
  await storeOpenRows(stack.deps, table.id, [1, 2]);
  const work = await storeRun(stack.deps, table.id);

  await completeCheck(work, table, verified(partOf({ unstable: 1, unstableKeys: [hashOfKey("2")] })));

  expect(await statesOf(table.id)).toEqual({ "id=1": "resolved", "id=2": "open" });
});

test("where more rows were unstable than are named, none is closed: nobody knows which were equal", async () => {
  const table = await storeTable(stack.deps);
  await storeOpenRows(stack.deps, table.id, [1, 2, 3]);
  const work = await storeRun(stack.deps, table.id);

  await completeCheck(work, table, verified(partOf({ unstable: 2, unstableKeys: [hashOfKey("2")] })));

  expect(await statesOf(table.id)).toEqual({ "id=1": "open", "id=2": "open", "id=3": "open" });
});

/** A full run that confirmed 10 rows, of which 4 are kept one by one. */
async function beyondWhatIsKept(
  over: Parameters<typeof storeRun>[2] = {},
  part = partOf({ missingInTarget: 10 }),
) {
  const table = await storeTable(stack.deps, { cluster: "lab" });
  const work = await storeRun(stack.deps, table.id, over);
  await storeOpenRows(stack.deps, table.id, range(1, 4), seenBy(work));
  await completeCheck(work, table, verified(part));
  return { table, run: await getCheck(stack.deps, viewer, { id: work.run.id }) };
}

test("rows that are not kept one by one count everywhere: in the run, the table, the fleet and the report", async () => {
  const before = await getFleet(stack.deps, viewer);
  const { table, run } = await beyondWhatIsKept();

  expect(run).toMatchObject({ openUnexplained: 10, unexplainedPercent: 1 });
  const listed = await getCheckedTable(stack.deps, viewer, { id: table.id });
  expect(listed).toMatchObject({ openUnexplained: 10, verdict: { unexplainedPercent: 1 } });
  const fleet = await getFleet(stack.deps, viewer);
  expect(fleet.unexplainedRows - before.unexplainedRows).toBe(10);
  const { report } = await getReport(stack.deps, viewer, { id: run.reportId ?? "" });
  expect(report.tables[0]).toMatchObject({ discrepancy_count: 10, unexplained_count: 10 });
});

test("an incremental check that closes kept rows leaves those that are not kept", async () => {
  const { table } = await beyondWhatIsKept();
  await seenLongAgo(table.id);
  const work = await storeRun(stack.deps, table.id, { scope: "incremental" });

  await completeCheck(work, await requireCheckedTable(stack.deps.db, table.id), verified(partOf()));

  const run = await getCheck(stack.deps, viewer, { id: work.run.id });
  expect(run.openUnexplained).toBe(6);
  expect((await getCheckedTable(stack.deps, viewer, { id: table.id })).openUnexplained).toBe(6);
  const { report } = await getReport(stack.deps, viewer, { id: run.reportId ?? "" });
  expect(report.tables[0]).toMatchObject({ discrepancy_count: 6, unexplained_count: 6 });
});

test("row counts say of which check they are, and stand beside no result of rows that were settled since", async () => {
  const { deps } = stack;
  const table = await storeTable(deps);
  const full = await storeRun(deps, table.id);
  await storeOpenRows(deps, table.id, [1]);
  await deps.db
    .update(reconciliationDiscrepancies)
    .set({ lastRunId: full.run.id })
    .where(eq(reconciliationDiscrepancies.tableId, table.id));
  await completeCheck(
    full,
    table,
    verified(partOf({ missingInTarget: 1, targetRows: 999, verifiedThrough: "0/7" })),
  );
  const counted = { at: (await getCheck(deps, viewer, { id: full.run.id })).endedAt, through: "0/7" };
  const differing = await getCheckedTable(deps, viewer, { id: table.id });

  const later = await storeRun(deps, table.id, { scope: "incremental" });
  await completeCheck(later, await requireCheckedTable(deps.db, table.id), verified(partOf()));

  expect(differing).toMatchObject({ openUnexplained: 1, counted });
  expect(await getCheckedTable(deps, viewer, { id: table.id })).toMatchObject({
    openUnexplained: 0,
    sourceRows: null,
    targetRows: null,
    counted: null,
  });
  const { reportId } = await getCheck(deps, viewer, { id: later.run.id });
  const { report } = await getReport(deps, viewer, { id: reportId ?? "" });
  expect(report.tables[0]).toMatchObject({
    status: "ok",
    source_row_count: null,
    target_row_count: null,
    row_count_match: null,
  });
});

test("counting rows says nothing about values, so a kept wrong value is no part of what was counted", async () => {
  const table = await storeTable(stack.deps);
  const work = await storeRun(stack.deps, table.id, { method: "row_count" });
  await storeOpenRows(stack.deps, table.id, range(1, 4), seenBy(work));
  await storeOpenRows(stack.deps, table.id, [5, 6], { ...seenBy(work), type: "value_mismatch" });

  await completeCheck(
    work,
    table,
    verified(partOf({ valueMismatch: 2 }), partOf({ missingInTarget: 7, targetRows: 993 })),
  );

  // Seven rows are missing, of which four are kept, and two hold another value.
  expect(await getCheckedTable(stack.deps, viewer, { id: table.id })).toMatchObject({ openUnexplained: 9 });
  const equal = await storeRun(stack.deps, table.id, { method: "row_count" });
  await seenLongAgo(table.id);
  await completeCheck(equal, table, verified(partOf(), partOf()));
  expect(await getCheckedTable(stack.deps, viewer, { id: table.id })).toMatchObject({ openUnexplained: 0 });
});

test("keys too long to be shown to everybody are not named in a report's words", async () => {
  const table = await storeTable(stack.deps);
  const work = await storeRun(stack.deps, table.id);
  await storeOpenRows(
    stack.deps,
    table.id,
    range(1, 5).map((place) => 10n ** 20n + BigInt(place)),
    seenBy(work),
  );

  await completeCheck(work, table, verified(partOf({ missingInTarget: 5, targetRows: 995 })));

  const run = await getCheck(stack.deps, viewer, { id: work.run.id });
  const { report } = await getReport(stack.deps, viewer, { id: run.reportId ?? "" });
  expect(report.tables[0]?.recommended_action).not.toContain("10000000000000000000");
});

test.each(WITHOUT_VERDICT)(
  "rows confirmed by a run that %s raise the critical alert, and stand in the report",
  async (_how, end) => {
    const { deps } = stack;
    const source = uniqueName("shop");
    const table = await storeTable(deps, { source });
    const good = await storeRun(deps, table.id);
    await completeCheck(good, table, verified(partOf()));
    const work = await storeRun(deps, table.id);
    await storeOpenRows(deps, table.id, range(1, 100), { lastRunId: work.run.id });

    await end(work, table);

    const later = { ...deps, now: () => new Date(deps.now().getTime() + 180_000) };
    const listed = await getCheckedTable(later, viewer, { id: table.id });
    expect(listed.verdict.state).toBe("drift_unexplained");
    expect(listed.alerts.map(({ name }) => name)).toContain("ReconciliationDriftCritical");
    const { reportId } = await createReport(later, anyone, { cluster: table.cluster, source });
    const { report } = await getReport(later, viewer, { id: reportId });
    expect(report.tables[0]).toMatchObject({
      status: "critical",
      discrepancy_count: 100,
      unexplained_count: 100,
    });
    expect(report.tables[0]?.discrepancies).toHaveLength(100);
    expect(report.summary).toMatchObject({ tables_ok: 0, tables_with_discrepancies: 1 });
  },
);

test("a table whose last run came to no verdict has no drift in the metrics, however good the one before was", async () => {
  const { deps } = stack;
  const table = await storeTable(deps, {
    sourceDatabaseId: randomUUID(),
    targetDatabaseId: randomUUID(),
  });
  await completeCheck(await storeRun(deps, table.id), table, verified(partOf()));
  const driftOf = async () => {
    const metrics = await reconciliationMetrics(deps);
    return metrics
      .filter(({ name }) => name.endsWith("drift_percentage"))
      .flatMap(({ samples }) => samples.filter(({ labels }) => labels.table === table.name))
      .map(({ value }) => value);
  };
  const before = await driftOf();
  await failCheck(await storeRun(deps, table.id), table, "target", "It is away");

  expect(before).toEqual([0, 0]);
  expect(await driftOf()).toEqual([]);
});

test("a check of a target that the sink left while it ran proves nothing of the new one", async () => {
  const { deps } = stack;
  const table = await storeTable(deps);
  await storeOpenRows(deps, table.id, [1]);
  const work = await storeRun(deps, table.id);
  await deps.db
    .update(reconciliationTables)
    .set({ target: "elsewhere" })
    .where(eq(reconciliationTables.id, table.id));

  await completeCheck(work, table, verified(partOf()));

  expect(await getCheck(deps, viewer, { id: work.run.id })).toMatchObject({
    state: "COMPLETED",
    isVerified: false,
    message: expect.stringContaining("while the check ran"),
  });
  expect(await requireCheckedTable(deps.db, table.id)).toMatchObject({
    verifiedAt: null,
    lastFullRunId: null,
  });
  expect(await statesOf(table.id)).toEqual({ "id=1": "open" });
});

test("a look at chosen rows that ends after a full check keeps what that one found", async () => {
  const table = await storeTable(stack.deps);
  const keys = await storeRun(stack.deps, table.id, { scope: "keys", trigger: "demand", keys: ["77"] });
  const full = await storeRun(stack.deps, table.id);
  await completeCheck(full, table, verified(partOf({ missingInTarget: 100 })));
  const after = await requireCheckedTable(stack.deps.db, table.id);

  await completeCheck(keys, table, verified(partOf({ comparedKeys: 1 })));

  expect(after).toMatchObject({ countDifference: 100, criticalSince: expect.any(Date) });
  expect(await requireCheckedTable(stack.deps.db, table.id)).toEqual(after);
});

test.each(WITHOUT_VERDICT)(
  "a run that %s does not start a table again that was switched off meanwhile",
  async (_how, end) => {
    const soon = new Date(stack.deps.now().getTime() + 3_000_000);
    const table = await storeTable(stack.deps, { nextRunAt: soon, nextFullAt: soon });
    const work = await storeRun(stack.deps, table.id);
    await updateSettings(stack.deps, an("engineer"), {
      id: table.id,
      version: table.version,
      settings: { ...DEFAULT_SETTINGS, enabled: false },
    });

    await end(work, table);

    expect(await requireCheckedTable(stack.deps.db, table.id)).toMatchObject({
      nextRunAt: null,
      nextFullAt: null,
    });
  },
);

const left = { column: "note", reason: "noise", because: "chosen" as const, until: null };

async function nextScope(tableId: number): Promise<string> {
  const { deps } = stack;
  await deps.jobs.ready();
  const table = await requireCheckedTable(deps.db, tableId);
  const runId = await queueCheck(deps.db, deps, {
    table,
    scope: "incremental",
    trigger: "demand",
    by: anyone,
  });
  return (await getCheck(deps, viewer, { id: runId ?? "" })).scope;
}

test("after rows were only counted, the first check that compares values reads every row", async () => {
  const table = await storeTable(stack.deps, { settings: { ...DEFAULT_SETTINGS, method: "row_count" } });
  const work = await storeRun(stack.deps, table.id, { method: "row_count" });
  await completeCheck(work, table, verified(partOf(), partOf()));
  await updateSettings(stack.deps, anyone, { id: table.id, version: 1, settings: { method: "checksum" } });

  expect(await nextScope(table.id)).toBe("full");
});

test.each([
  ["between two checks", false],
  ["while a check runs", true],
])(
  "when a column is compared again, decided %s, the next check reads every row",
  async (_when, isRunning) => {
    const table = await storeTable(stack.deps, {
      settings: { ...DEFAULT_SETTINGS, excludedColumns: [left] },
    });
    const work = await storeRun(stack.deps, table.id);
    const finish = () => completeCheck(work, table, verified(partOf()));
    if (!isRunning) await finish();
    await updateSettings(stack.deps, anyone, { id: table.id, version: 1, settings: { excludedColumns: [] } });
    if (isRunning) await finish();

    expect(await nextScope(table.id)).toBe("full");
  },
);

test("when a column is left out, the next check goes on from the last one", async () => {
  const table = await storeTable(stack.deps);
  await completeCheck(await storeRun(stack.deps, table.id), table, verified(partOf()));
  await updateSettings(stack.deps, anyone, {
    id: table.id,
    version: 1,
    settings: { excludedColumns: [left] },
  });

  expect(await nextScope(table.id)).toBe("incremental");
});
