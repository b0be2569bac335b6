import { eq, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { reconciliationRuns, reconciliationTables } from "#db/schema/reconciliation.ts";
import { nextSlice, sliceAt } from "#domain/reconciliation/cold-slice.ts";
import { driftLevel, driftPercent, unexplainedRows } from "#domain/reconciliation/drift.ts";
import { comparesAgain } from "#domain/reconciliation/excluded-columns.ts";
import {
  canMove,
  confirmedIn,
  type PartResult,
  type RunCounts,
  sumFullRun,
  sumParts,
} from "#domain/reconciliation/run.ts";
import type { ReconciliationState } from "#domain/reconciliation/schema.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { type CheckWork, fencedCheck, NO_LEASE, type StoredCheck } from "./check-lease.ts";
import { hashOfKey } from "./check-parts.ts";
import { recount } from "./find-tables.ts";
import { writeRunReport } from "./run-report.ts";
import { retryAt } from "./schedule.ts";
import { isMoved, requireCheckedTable, type StoredTable } from "./stored-table.ts";

export type FailedAt = NonNullable<typeof reconciliationRuns.$inferSelect.failedAt>;

export type Completion =
  | { outcome: "not_verifiable"; reason: string; done?: readonly PartResult[] }
  | {
      outcome: "verified";
      done: readonly PartResult[];
      unchecked: readonly { column: string; reason: string }[];
      touchedThrough: Record<string, number> | null;
      sourceDatabase: string;
      targetDatabase: string;
    };

/** Writes what a run came to, and where its table stands now, in one transaction. */
export async function completeCheck(
  { deps, lease }: CheckWork,
  table: StoredTable,
  completion: Completion,
): Promise<void> {
  const now = deps.now();
  await fencedCheck(deps.db, lease, async (tx, run) => {
    requireMove(run, "COMPLETED");
    if (completion.outcome === "not_verifiable") await completeUnverified(tx, run, table, completion, now);
    else if (isMoved(table, await requireCheckedTable(tx, table.id)))
      await completeUnverified(
        tx,
        run,
        table,
        { ...completion, outcome: "not_verifiable", reason: MOVED },
        now,
      );
    else await completeVerified(tx, run, table, completion, now);
    await notifyChange(tx, "reconciliation", `table/${table.id}`);
  });
}

/** A run that could not be done. Nothing is concluded from it: open rows stay open, and none is closed. */
export async function failCheck(
  { deps, lease }: CheckWork,
  table: StoredTable,
  failedAt: FailedAt,
  message: string,
): Promise<void> {
  await fencedCheck(deps.db, lease, async (tx, run) => {
    requireMove(run, "FAILED");
    await tx
      .update(reconciliationRuns)
      .set({ state: "FAILED", failedAt, message, endedAt: deps.now(), ...NO_LEASE })
      .where(eq(reconciliationRuns.id, run.id));
    // Rows it confirmed before it failed are real, and count.
    const current = await recountNow(tx, table.id);
    await tx
      .update(reconciliationTables)
      .set({
        criticalSince: criticalSince(current, deps.now()),
        ...(run.scope === "keys" ? {} : { lastRunId: run.id }),
        ...(run.scope === "keys" || failedAt === "aborted" ? {} : retryAt(current, run, deps.now())),
      })
      .where(eq(reconciliationTables.id, table.id));
    await notifyChange(tx, "reconciliation", `table/${table.id}`);
  });
}

const MOVED = "The table is read or written somewhere else since; it moved while the check ran";

async function completeUnverified(
  tx: DbOrTx,
  run: StoredCheck,
  table: StoredTable,
  { reason, done = [] }: Extract<Completion, { outcome: "not_verifiable" }>,
  now: Date,
): Promise<void> {
  const total = sumParts(done);
  await tx
    .update(reconciliationRuns)
    .set({
      state: "COMPLETED",
      isVerified: false,
      message: reason,
      endedAt: now,
      counts: countsOf(total),
      cost: costOf(total),
      ...NO_LEASE,
    })
    .where(eq(reconciliationRuns.id, run.id));
  const current = await recountNow(tx, table.id);
  await tx
    .update(reconciliationTables)
    .set({
      criticalSince: criticalSince(current, now),
      ...(run.scope === "keys"
        ? {}
        : { lastRunId: run.id, heldBecause: null, ...retryAt(current, run, now) }),
    })
    .where(eq(reconciliationTables.id, table.id));
}

/**
 * The table as it stands, its counters made anew; nobody else changes it until the transaction ends. While the run worked,
 * another one may have ended and somebody may have changed the settings.
 */
async function recountNow(tx: DbOrTx, tableId: number): Promise<StoredTable> {
  await recount(tx, tableId);
  return requireCheckedTable(tx, tableId);
}

/** Since when a table has drifted critically; null: it does not. Rows count from the moment they are confirmed, however their run ends. */
function criticalSince(table: StoredTable, now: Date): Date | null {
  const percent = driftPercent(unexplainedRows(table), table.comparedRows);
  return driftLevel(percent, table.settings) === "critical" ? (table.criticalSince ?? now) : null;
}

async function completeVerified(
  tx: DbOrTx,
  run: StoredCheck,
  begun: StoredTable,
  completion: Extract<Completion, { outcome: "verified" }>,
  now: Date,
): Promise<void> {
  const { done, unchecked, touchedThrough } = completion;
  const tableId = begun.id;
  const isFull = run.scope === "full";
  const total = isFull ? sumFullRun(done) : sumParts(done);
  const counts = countsOf(total);
  await closeUnseen(tx, run, tableId, total, now);
  const table = await recountNow(tx, tableId);
  const countDifference = isFull
    ? Math.max(0, confirmedIn(counts) - (await countKept(tx, run, tableId)))
    : table.countDifference;
  const comparedRows = isFull ? total.comparedKeys : table.comparedRows;
  const openUnexplained = unexplainedRows({ openUnexplained: table.openUnexplained, countDifference });
  const { openExplained } = table;
  const unexplainedPercent = driftPercent(openUnexplained, comparedRows);
  const coverage = isFull ? 1 : comparedRows ? Math.min(1, total.comparedKeys / comparedRows) : null;
  const reportId =
    run.scope === "keys"
      ? null
      : await writeRunReport(tx, {
          run,
          table,
          total,
          comparedRows,
          countDifference,
          coverage,
          completion,
          now,
        });
  await tx
    .update(reconciliationRuns)
    .set({
      state: "COMPLETED",
      isVerified: true,
      message: run.message,
      endedAt: now,
      verifiedThrough: total.verifiedThrough,
      coverage,
      counts,
      cost: costOf(total),
      unchecked: [...unchecked],
      interval: total.interval,
      sourceChecksum: total.sourceChecksum,
      targetChecksum: total.targetChecksum,
      unexplainedPercent,
      explainedPercent: driftPercent(openExplained, comparedRows),
      openUnexplained,
      openExplained,
      reportId,
      checkpoint: null,
      ...NO_LEASE,
    })
    .where(eq(reconciliationRuns.id, run.id));
  await tx
    .update(reconciliationTables)
    .set({
      criticalSince: criticalSince({ ...table, countDifference, comparedRows }, now),
      ...(run.scope === "keys"
        ? {}
        : {
            lastRunId: run.id,
            lastVerifiedRunId: run.id,
            verifiedAt: now,
            verifiedThrough: total.verifiedThrough ?? table.verifiedThrough,
            heldBecause: null,
            touchedThrough,
          }),
      ...(isFull
        ? {
            // Only from where every value was compared can incremental runs go on.
            lastFullRunId:
              run.method === "row_count" || comparesAgain(begun.settings, table.settings) ? null : run.id,
            countDifference,
            comparedRows,
            sourceRows: total.sourceRows,
            targetRows: total.targetRows,
          }
        : {}),
      ...(run.scope === "incremental" && run.method === "checksum"
        ? { nextSlice: nextSlice(sliceAt(table.nextSlice, table.settings.slices)) }
        : {}),
    })
    .where(eq(reconciliationTables.id, table.id));
}

/** Kept rows of the kinds that this run could find. */
async function countKept(tx: DbOrTx, run: StoredCheck, tableId: number): Promise<number> {
  const kinds = run.method === "row_count" ? sql` and type <> 'value_mismatch'` : sql``;
  const { rows } = await tx.execute<{ kept: number }>(sql`
    select count(*)::int as kept from reconciliation_discrepancies
     where table_id = ${tableId} and state in ('open', 'ignored')${kinds}`);
  return rows[0]?.kept ?? 0;
}

/**
 * Rows that differed before and were looked at again without a finding are equal now. What another check saw differ since
 * this one began stays: two checks of a table may overlap, and neither knows what the other found. Where more rows were
 * unstable than are named, any open row may be one of them, and none is closed.
 */
async function closeUnseen(
  tx: DbOrTx,
  run: StoredCheck,
  tableId: number,
  { unstable, unstableKeys }: PartResult,
  now: Date,
): Promise<void> {
  if (unstable > unstableKeys.length) return;
  const only =
    run.scope === "keys"
      ? sql` and key_hash = any(${sql.param((run.keys ?? []).map(hashOfKey))}::text[])`
      : sql``;
  await tx.execute(sql`
    update reconciliation_discrepancies
       set state = ${run.trigger === "repair" ? "repaired" : "resolved"}, ended_at = ${now.toISOString()}::timestamptz
     where table_id = ${tableId} and state in ('open', 'ignored') and last_run_id <> ${run.id}::uuid
       and last_seen < (select started_at from reconciliation_runs where id = ${run.id}::uuid)
       and not key_hash = any(${sql.param([...unstableKeys])}::text[])${only}`);
}

function countsOf(total: PartResult): RunCounts {
  return {
    sourceRows: total.sourceRows,
    targetRows: total.targetRows,
    comparedRows: total.comparedKeys,
    missingInTarget: total.missingInTarget,
    missingInSource: total.missingInSource,
    valueMismatch: total.valueMismatch,
    inFlight: total.inFlight,
    unstable: total.unstable,
  };
}

function costOf(total: PartResult) {
  return {
    rowsRead: total.rowsRead,
    bytes: total.bytes,
    sourceCpuMs: total.sourceCpuMs,
    durationMs: total.durationMs,
    queries: total.statements,
  };
}

function requireMove(run: StoredCheck, to: ReconciliationState): void {
  if (!canMove(run.state, to)) throw new Error(`The run ${run.id} cannot go from ${run.state} to ${to}`);
}
