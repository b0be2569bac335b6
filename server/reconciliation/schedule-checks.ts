import { and, eq, inArray, isNull, lte, or, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { reconciliationRuns, reconciliationTables } from "#db/schema/reconciliation.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { BIG_TABLE_ROWS } from "#domain/reconciliation/estimate.ts";
import type { RunEstimate } from "#domain/reconciliation/run.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { estimateTable } from "./estimate-table.ts";
import { queueCheck, SCHEDULER } from "./queue-check.ts";
import { fullAgainAt, nextRuns } from "./schedule.ts";
import { obstacleOf, type StoredTable, seedOf } from "./stored-table.ts";

/** Tables looked at per round: a thousand due at once are spread over rounds. */
const AT_ONCE = 100;

/**
 * Starts what is due. Several workers may do it at once: moving a table's next time is conditional, so one of them wins.
 * Returns how many runs were queued.
 */
export async function scheduleChecks(
  deps: Pick<Deps, "db" | "jobs" | "now" | "vault" | "log">,
): Promise<number> {
  const now = deps.now();
  await deps.jobs.ready();
  const due = await deps.db
    .select()
    .from(reconciliationTables)
    .where(
      and(
        isNull(reconciliationTables.goneAt),
        or(lte(reconciliationTables.nextRunAt, now), lte(reconciliationTables.nextFullAt, now)),
      ),
    )
    .orderBy(reconciliationTables.nextRunAt)
    .limit(AT_ONCE);
  let queued = 0;
  for (const table of due) if (await startDue(deps, table, now)) queued += 1;
  return queued;
}

async function startDue(
  deps: Pick<Deps, "db" | "jobs" | "now" | "vault" | "log">,
  table: StoredTable,
  now: Date,
): Promise<boolean> {
  const next = nextRuns(table.settings, seedOf(table), now);
  const isFullDue = table.nextFullAt !== null && table.nextFullAt <= now;
  const isRunDue = table.nextRunAt !== null && table.nextRunAt <= now;
  const [won] = await deps.db
    .update(reconciliationTables)
    .set({
      nextRunAt: isRunDue ? next.nextRunAt : table.nextRunAt,
      nextFullAt: isFullDue ? next.nextFullAt : table.nextFullAt,
    })
    .where(
      and(
        eq(reconciliationTables.id, table.id),
        sql`${reconciliationTables.nextRunAt} is not distinct from ${table.nextRunAt?.toISOString() ?? null}::timestamptz`,
        sql`${reconciliationTables.nextFullAt} is not distinct from ${table.nextFullAt?.toISOString() ?? null}::timestamptz`,
      ),
    )
    .returning({ id: reconciliationTables.id });
  if (!won || obstacleOf(table) !== null) return false;
  const first = table.firstRunApprovedAt === null ? await judgeFirst(deps, table) : {};
  if (first.heldBecause !== undefined) {
    await hold(deps, table, first.heldBecause);
    return false;
  }
  return deps.db.transaction(async (tx) => {
    await tx
      .update(reconciliationTables)
      .set({ firstRunApprovedAt: table.firstRunApprovedAt ?? now, heldBecause: null })
      .where(eq(reconciliationTables.id, table.id));
    const runId = await queueCheck(tx, deps, {
      table,
      scope: isFullDue ? "full" : "incremental",
      trigger: "schedule",
      by: SCHEDULER,
      estimate: first.estimate,
    });
    if (runId === undefined && isFullDue && !(await isFullOpen(tx, table.id)))
      await tx
        .update(reconciliationTables)
        .set(fullAgainAt({ ...table, ...next }, now))
        .where(eq(reconciliationTables.id, table.id));
    return runId !== undefined;
  });
}

/** The run at work reads every row already. */
async function isFullOpen(tx: DbOrTx, tableId: number): Promise<boolean> {
  const open = await tx
    .select({ id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.tableId, tableId),
        eq(reconciliationRuns.scope, "full"),
        inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"]),
      ),
    );
  return open.length > 0;
}

/** The first check of a big table waits for a person who has seen its cost. */
async function judgeFirst(
  deps: Pick<Deps, "db" | "vault">,
  table: StoredTable,
): Promise<{ estimate?: RunEstimate; heldBecause?: string }> {
  try {
    const estimate = await estimateTable(deps, table);
    if (estimate.rows < BIG_TABLE_ROWS) return { estimate };
    return {
      heldBecause: `The first check reads about ${estimate.rows} rows and waits for somebody to plan it`,
    };
  } catch (error) {
    if (error instanceof AppError) return { heldBecause: error.message };
    throw error;
  }
}

async function hold({ db }: Pick<Deps, "db">, table: StoredTable, because: string): Promise<void> {
  if (table.heldBecause === because) return;
  await db
    .update(reconciliationTables)
    .set({ heldBecause: because })
    .where(eq(reconciliationTables.id, table.id));
  await notifyChange(db, "reconciliation", `table/${table.id}`);
}
