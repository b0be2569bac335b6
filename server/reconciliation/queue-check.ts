import { randomUUID } from "node:crypto";
import { and, eq, inArray, isNull, lt, not, or, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import type { Actor } from "#domain/access/permissions.ts";
import type { RunEstimate } from "#domain/reconciliation/run.ts";
import type { CheckScope, CheckTrigger } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import type { StoredTable } from "./stored-table.ts";

/** Who acts when the clock does. */
export const SCHEDULER: Actor = {
  id: "system:reconciliation",
  name: "Headgate",
  roles: ["operator"],
  via: "worker",
};

export interface CheckRequest {
  table: StoredTable;
  scope: Exclude<CheckScope, "keys">;
  trigger: CheckTrigger;
  by: Actor;
  estimate?: RunEstimate | undefined;
}

/**
 * Puts a run into the queue; undefined when this table has an open one already. Where no run has compared every value yet, the
 * next is a full one: an incremental check says nothing about rows nobody ever compared. Counting is always about all rows.
 */
export async function queueCheck(
  tx: DbOrTx,
  { jobs, now }: Pick<Deps, "jobs" | "now">,
  { table, scope, trigger, by, estimate }: CheckRequest,
): Promise<string | undefined> {
  const id = randomUUID();
  const inserted = await tx
    .insert(reconciliationRuns)
    .values({
      id,
      tableId: table.id,
      scope: table.lastFullRunId === null || table.settings.method === "row_count" ? "full" : scope,
      method: table.settings.method,
      trigger,
      state: "QUEUED",
      requestedBy: by,
      queuedAt: now(),
      estimate: estimate ?? null,
    })
    .onConflictDoNothing()
    .returning({ id: reconciliationRuns.id });
  if (inserted.length === 0) return undefined;
  await jobs.send(tx, "reconciliation-run", { runId: id }, { singletonKey: id });
  await notifyChange(tx, "reconciliation", `table/${table.id}`);
  return id;
}

/** Queues every open run that nobody works on: its worker died or stopped, or it waits for a place at its source. */
export async function recoverChecks({ db, jobs }: Pick<Deps, "db" | "jobs">): Promise<number> {
  await jobs.ready();
  const left = await db
    .select({ id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(
      and(
        inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"]),
        lt(reconciliationRuns.queuedAt, sql`now() - interval '2 seconds'`),
        or(isNull(reconciliationRuns.leaseUntil), lt(reconciliationRuns.leaseUntil, sql`now()`)),
        // A repair's own check belongs to the plan's run, which does it again by itself.
        not(
          and(eq(reconciliationRuns.scope, "keys"), eq(reconciliationRuns.trigger, "repair")) ?? sql`false`,
        ),
      ),
    );
  for (const { id } of left) await jobs.send(db, "reconciliation-run", { runId: id }, { singletonKey: id });
  return left.length;
}

/** The open run of a table, if there is one. */
export async function findOpenCheck(tx: DbOrTx, tableId: number): Promise<string | undefined> {
  const [run] = await tx
    .select({ id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.tableId, tableId),
        inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"]),
        sql`${reconciliationRuns.scope} <> 'keys'`,
      ),
    );
  return run?.id;
}
