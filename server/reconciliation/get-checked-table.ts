import { and, desc, eq } from "drizzle-orm";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { adviseTable } from "#domain/reconciliation/recommended-action.ts";
import { carriedCounts } from "#domain/reconciliation/report.ts";
import type { CheckedTableId, DriftCause } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { type CheckedTableRow, readCheckedTables } from "./list-checked-tables.ts";
import { readFindings } from "./run-report.ts";

export interface CheckedTableView extends CheckedTableRow {
  types: { missingInTarget: number; missingInSource: number; valueMismatch: number };
  /** Open rows per cause: the steps from all differences down to the unexplained ones. */
  causes: Partial<Record<DriftCause, number>>;
  columns: { column: string; reason: string | null; rows: number }[];
  recommendedAction: string;
  /** The check that counted the rows of both ends; later ones may have compared only some of them. */
  counted: { at: Date; through: string | null } | null;
}

/** One checked table with what differs in it, in numbers. */
export async function getCheckedTable(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id }: CheckedTableId,
): Promise<CheckedTableView> {
  requirePermission(actor, "console:view");
  const [row] = await readCheckedTables(deps, [id]);
  if (!row) throw new AppError("not_found", "There is no such table among those that are checked");
  const findings = await readFindings(deps.db, id, row.comparedRows);
  const { missingInTarget, missingInSource, valueMismatch, causes, columns } = findings;
  const counts = carriedCounts(row, row.openUnexplained + row.openExplained);
  return {
    ...row,
    sourceRows: counts.sourceRows,
    targetRows: counts.targetRows,
    types: { missingInTarget, missingInSource, valueMismatch },
    causes,
    columns: [...columns],
    recommendedAction: adviseTable(row.verdict.state, findings),
    counted: counts.sourceRows === null ? null : await findCount(deps, id),
  };
}

async function findCount({ db }: Pick<Deps, "db">, tableId: number): Promise<CheckedTableView["counted"]> {
  const [run] = await db
    .select({ at: reconciliationRuns.endedAt, through: reconciliationRuns.verifiedThrough })
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.tableId, tableId),
        eq(reconciliationRuns.scope, "full"),
        eq(reconciliationRuns.isVerified, true),
      ),
    )
    .orderBy(desc(reconciliationRuns.queuedAt))
    .limit(1);
  return run?.at ? { at: run.at, through: run.through } : null;
}
