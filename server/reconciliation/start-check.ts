import { eq } from "drizzle-orm";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { BIG_TABLE_ROWS } from "#domain/reconciliation/estimate.ts";
import type { RunEstimate } from "#domain/reconciliation/run.ts";
import type { StartCheckInput } from "#domain/reconciliation/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { estimateTable } from "./estimate-table.ts";
import { selectTables } from "./list-checked-tables.ts";
import { findOpenCheck, queueCheck } from "./queue-check.ts";
import { obstacleOf, requireCheckedTable, type StoredTable } from "./stored-table.ts";

export interface StartedChecks {
  runs: { tableId: number; runId: string; isNew: boolean }[];
}

/** Queues a run for every chosen table; a table that has one already keeps it. All or none are queued. */
export async function startCheck(
  deps: Pick<Deps, "db" | "jobs" | "now" | "vault">,
  actor: Actor,
  { tables: selection, scope }: StartCheckInput,
): Promise<StartedChecks> {
  requirePermission(actor, "reconciliation:run");
  const chosen = await selectTables(deps, selection);
  const tables = await Promise.all(chosen.map(({ id }) => requireCheckedTable(deps.db, id)));
  const stuck = tables.find((table) => obstacleOf(table) !== null);
  if (stuck) throw new AppError("precondition_failed", `${stuck.name}: ${obstacleOf(stuck)}`);
  const firsts = tables.filter(({ firstRunApprovedAt }) => firstRunApprovedAt === null);
  const estimates = new Map<number, RunEstimate>();
  for (const table of firsts) estimates.set(table.id, await estimateTable(deps, table));
  const big = firsts.filter(({ id }) => (estimates.get(id)?.rows ?? 0) >= BIG_TABLE_ROWS);
  if (big.length > 0)
    throw new AppError(
      "precondition_failed",
      `The first check of ${big.map(({ name }) => name).join(", ")} reads about ${big.reduce((sum, { id }) => sum + (estimates.get(id)?.rows ?? 0), 0)} rows: plan it first, so that its cost is seen`,
    );
  await deps.jobs.ready();
  return deps.db.transaction(async (tx) => {
    const runs: StartedChecks["runs"] = [];
    for (const table of tables) {
      const estimate = estimates.get(table.id);
      if (table.firstRunApprovedAt === null)
        await tx
          .update(reconciliationTables)
          .set({ firstRunApprovedAt: deps.now(), heldBecause: null })
          .where(eq(reconciliationTables.id, table.id));
      const queued = await queueCheck(tx, deps, { table, scope, trigger: "demand", by: actor, estimate });
      const runId = queued ?? (await findOpenCheck(tx, table.id));
      if (runId) runs.push({ tableId: table.id, runId, isNew: queued !== undefined });
    }
    await appendAudit(tx, actor, {
      action: "reconciliation.start",
      subject: subjectOf(tables),
      outcome: "succeeded",
      detail: { scope, runs: runs.map(({ runId }) => runId).slice(0, 100), tables: tables.length },
    });
    return { runs };
  });
}

export function subjectOf(tables: readonly StoredTable[]): Record<string, string> {
  const [first] = tables;
  if (!first) return {};
  if (tables.length === 1) return { cluster: first.cluster, pipeline: first.source, table: first.name };
  return {
    cluster: [...new Set(tables.map(({ cluster }) => cluster))].join(", ").slice(0, 200),
    tables: tables
      .map(({ name }) => name)
      .join(", ")
      .slice(0, 500),
  };
}
