import { eq, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { reconciliationRuns, reconciliationTables } from "#db/schema/reconciliation.ts";
import { nextSlice, sliceAt } from "#domain/reconciliation/cold-slice.ts";
import { driftLevel, driftPercent } from "#domain/reconciliation/drift.ts";
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
import { type CheckWork, fencedCheck, type StoredCheck } from "./check-lease.ts";
import { hashOfKey } from "./check-parts.ts";
import { recount } from "./find-tables.ts";
import { writeRunReport } from "./run-report.ts";
import { retryAt } from "./schedule.ts";
import type { StoredTable } from "./stored-table.ts";

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
    await recount(tx, table.id);
    if (run.scope !== "keys")
      await tx
        .update(reconciliationTables)
        .set({
          lastRunId: run.id,
          ...(failedAt === "aborted" ? {} : { nextRunAt: retryAt(table, deps.now()) }),
        })
        .where(eq(reconciliationTables.id, table.id));
    await notifyChange(tx, "reconciliation", `table/${table.id}`);
  });
}

const NO_LEASE = { leaseToken: null, leaseUntil: null, leaseWorker: null };

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
  await recount(tx, table.id);
  if (run.scope !== "keys")
    await tx
      .update(reconciliationTables)
      .set({ lastRunId: run.id, heldBecause: null, nextRunAt: retryAt(table, now) })
      .where(eq(reconciliationTables.id, table.id));
}

async function completeVerified(
  tx: DbOrTx,
  run: StoredCheck,
  table: StoredTable,
  completion: Extract<Completion, { outcome: "verified" }>,
  now: Date,
): Promise<void> {
  const { done, unchecked, touchedThrough } = completion;
  const isFull = run.scope === "full";
  const total = isFull ? sumFullRun(done) : sumParts(done);
  const counts = countsOf(total);
  await closeUnseen(tx, run, table, total.unstableKeys, now);
  await recount(tx, table.id);
  const [open] = await tx
    .select({
      unexplained: reconciliationTables.openUnexplained,
      explained: reconciliationTables.openExplained,
      ignored: reconciliationTables.ignored,
    })
    .from(reconciliationTables)
    .where(eq(reconciliationTables.id, table.id));
  const kept = (open?.unexplained ?? 0) + (open?.explained ?? 0) + (open?.ignored ?? 0);
  // What is not kept row by row still counts.
  const countDifference = isFull ? Math.max(0, confirmedIn(counts) - kept) : table.countDifference;
  const comparedRows = isFull ? total.comparedKeys : table.comparedRows;
  const openUnexplained = (open?.unexplained ?? 0) + countDifference;
  const openExplained = open?.explained ?? 0;
  const unexplainedPercent = driftPercent(openUnexplained, comparedRows);
  const isCritical = driftLevel(unexplainedPercent, table.settings) === "critical";
  const coverage = isFull ? 1 : comparedRows ? Math.min(1, total.comparedKeys / comparedRows) : null;
  const reportId =
    run.scope === "keys"
      ? null
      : await writeRunReport(tx, { run, table, total, comparedRows, coverage, completion, now });
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
      countDifference,
      criticalSince: isCritical ? (table.criticalSince ?? now) : null,
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
            lastFullRunId: run.id,
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

/**
 * Rows that differed before and were looked at again without a finding are equal now. What another check saw differ since
 * this one began stays: two checks of a table may overlap, and neither knows what the other found.
 */
async function closeUnseen(
  tx: DbOrTx,
  run: StoredCheck,
  table: StoredTable,
  unstable: readonly string[],
  now: Date,
): Promise<void> {
  const only =
    run.scope === "keys"
      ? sql` and key_hash = any(${sql.param((run.keys ?? []).map(hashOfKey))}::text[])`
      : sql``;
  await tx.execute(sql`
    update reconciliation_discrepancies
       set state = ${run.trigger === "repair" ? "repaired" : "resolved"}, ended_at = ${now.toISOString()}::timestamptz
     where table_id = ${table.id} and state in ('open', 'ignored') and last_run_id <> ${run.id}::uuid
       and last_seen < (select started_at from reconciliation_runs where id = ${run.id}::uuid)
       and not key_hash = any(${sql.param([...unstable])}::text[])${only}`);
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
