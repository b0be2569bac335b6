import { randomUUID } from "node:crypto";
import { and, eq, inArray, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { RecheckInput } from "#domain/reconciliation/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { selectDiscrepancies } from "./list-discrepancies.ts";
import { subjectOf } from "./start-check.ts";
import { obstacleOf, requireCheckedTable } from "./stored-table.ts";

const MOST_ROWS = 10_000;

/** Compares exactly these differing rows once more: those that are equal by now are closed, the others stay. */
export async function recheckRows(
  deps: Pick<Deps, "db" | "jobs" | "now">,
  actor: Actor,
  { selection }: RecheckInput,
): Promise<{ runs: { tableId: number; runId: string; rows: number }[] }> {
  requirePermission(actor, "reconciliation:run");
  const rows = await selectDiscrepancies(deps, selection, ["open", "ignored"], MOST_ROWS);
  if (rows.some(({ key }) => "row_hash" in key))
    throw new AppError(
      "precondition_failed",
      "Rows of a table without a key are told by their content: check the whole table",
    );
  const byTable = Map.groupBy(rows, ({ tableId }) => tableId);
  const tables = await Promise.all([...byTable.keys()].map((id) => requireCheckedTable(deps.db, id)));
  const stuck = tables.find((table) => obstacleOf(table) !== null);
  if (stuck) throw new AppError("precondition_failed", `${stuck.name}: ${obstacleOf(stuck)}`);
  await deps.jobs.ready();
  return deps.db.transaction(async (tx) => {
    const runs = [];
    // In one order for everybody, so that two selections cannot wait for each other.
    for (const [tableId, of] of [...byTable].sort(([a], [b]) => a - b)) {
      await requireNoneOpen(tx, tableId);
      const runId = randomUUID();
      await tx.insert(reconciliationRuns).values({
        id: runId,
        tableId,
        scope: "keys",
        method: "checksum",
        trigger: "demand",
        state: "QUEUED",
        requestedBy: actor,
        keys: of.map(({ engineKey }) => engineKey),
        queuedAt: deps.now(),
      });
      await deps.jobs.send(tx, "reconciliation-run", { runId }, { singletonKey: runId });
      await notifyChange(tx, "reconciliation", `table/${tableId}`);
      runs.push({ tableId, runId, rows: of.length });
    }
    await appendAudit(tx, actor, {
      action: "reconciliation.recheck",
      subject: subjectOf(tables),
      outcome: "succeeded",
      detail: { rows: rows.length, runs: runs.map(({ runId }) => runId).slice(0, 100) },
    });
    return { runs };
  });
}

/** One look at chosen rows of a table at a time: a second click is no second run. */
async function requireNoneOpen(tx: DbOrTx, tableId: number): Promise<void> {
  await tx.execute(sql`select 1 from reconciliation_tables where id = ${tableId} for update`);
  const open = await tx
    .select({ id: reconciliationRuns.id })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.tableId, tableId),
        eq(reconciliationRuns.scope, "keys"),
        eq(reconciliationRuns.trigger, "demand"),
        inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"]),
      ),
    );
  if (open.length > 0) throw new AppError("conflict", "Rows of this table are being checked again already");
}
