import { eq } from "drizzle-orm";
import { reconciliationDiscrepancies } from "#db/schema/reconciliation.ts";
import { type Actor, hasPermission, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { differingColumns } from "#domain/reconciliation/engine/canonical-equal.ts";
import type { CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import { planComparison } from "#domain/reconciliation/engine/plan-comparison.ts";
import { reasonClass } from "#domain/reconciliation/reason-class.ts";
import type { DiscrepancyId, ReasonClass } from "#domain/reconciliation/schema.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { mappingOf } from "./compare-check.ts";
import { type DiscrepancyRow, toRow } from "./list-discrepancies.ts";
import { columnNames, openEnds } from "./open-ends.ts";
import { readTableFacts } from "./pipeline-facts.ts";
import { readBothRows } from "./read-both-rows.ts";
import { requireCheckedTable, type StoredTable } from "./stored-table.ts";

export interface ComparedCell {
  column: string;
  isKey: boolean;
  differs: boolean;
  reason: ReasonClass | null;
  /** Null where the row is missing, or the value is NULL or hidden: `shape` tells. */
  source: string | null;
  target: string | null;
  /** `NULL`, `empty`, `12 characters`, `missing`: what can be said without the value. */
  sourceShape: string;
  targetShape: string;
}

export interface DiscrepancyView extends DiscrepancyRow {
  /** As both ends are now, which can be later than the check. */
  cells: ComparedCell[];
  readAt: Date;
  /** The ends agree by now. */
  isEqualNow: boolean;
  isRedacted: boolean;
  mayReveal: boolean;
}

type ReadDeps = Pick<Deps, "db" | "now" | "vault">;

/** One differing row as both ends are now: which columns differ and how, without any value. */
export async function getDiscrepancy(
  deps: ReadDeps,
  actor: Actor,
  { id }: DiscrepancyId,
): Promise<DiscrepancyView> {
  requirePermission(actor, "console:view");
  const { row, table } = await findDiscrepancy(deps, id);
  return readView(deps, actor, row, table, true);
}

/** The same with its values, for those who may see rows; each look is in the audit trail. */
export async function revealDiscrepancy(
  deps: ReadDeps,
  actor: Actor,
  { id }: DiscrepancyId,
): Promise<DiscrepancyView> {
  requirePermission(actor, "rows:reveal");
  const { row, table } = await findDiscrepancy(deps, id);
  const subject = {
    cluster: table.cluster,
    pipeline: table.source,
    table: table.name,
    discrepancy: String(id),
  };
  return audited(deps.db, actor, { action: "reconciliation.reveal", subject }, () =>
    readView(deps, actor, row, table, false),
  );
}

type StoredDiscrepancy = typeof reconciliationDiscrepancies.$inferSelect;

async function findDiscrepancy({ db }: Pick<Deps, "db">, id: number) {
  const [row] = await db
    .select()
    .from(reconciliationDiscrepancies)
    .where(eq(reconciliationDiscrepancies.id, id));
  if (!row) throw new AppError("not_found", "There is no such differing row");
  return { row, table: await requireCheckedTable(db, row.tableId) };
}

async function readView(
  deps: ReadDeps,
  actor: Actor,
  row: StoredDiscrepancy,
  table: StoredTable,
  isRedacted: boolean,
): Promise<DiscrepancyView> {
  const ends = await openEnds(deps, table);
  const signal = AbortSignal.timeout(30_000);
  const [source, target] = await Promise.all([ends.source.describe(signal), ends.target.describe(signal)]);
  const facts = await readTableFacts(deps, table, {
    source: columnNames(source),
    target: columnNames(target),
  });
  const comparison = planComparison(source, target, mappingOf(facts));
  if (comparison.keyLength === 0)
    throw new AppError(
      "precondition_failed",
      "This table has no key, so a single row of it cannot be looked up at both ends",
    );
  const rows = await readBothRows(ends, comparison, [row.engineKey], signal);
  const [there, here] = [rows.source.get(row.engineKey)?.[0], rows.target.get(row.engineKey)?.[0]];
  const differing =
    there && here
      ? new Set(
          differingColumns(
            comparison.columns.map(({ form }) => form),
            there,
            here,
          ),
        )
      : undefined;
  const mayReveal = hasPermission(actor, "rows:reveal");
  const cells = comparison.columns.map(({ source: column }, index): ComparedCell => {
    const [a, b] = [valueAt(there, index), valueAt(here, index)];
    const differs = differing ? differing.has(index) : there !== here;
    return {
      column,
      isKey: index < comparison.keyLength,
      differs,
      reason: differing?.has(index) ? reasonClass(a ?? null, b ?? null) : null,
      source: isRedacted ? null : (a ?? null),
      target: isRedacted ? null : (b ?? null),
      sourceShape: shapeOf(a),
      targetShape: shapeOf(b),
    };
  });
  return {
    ...toRow(row, table, mayReveal),
    cells,
    readAt: deps.now(),
    isEqualNow: there && here ? differing?.size === 0 : there === here,
    isRedacted,
    mayReveal,
  };
}

/** Undefined: there is no row. */
function valueAt(row: CanonicalRow | undefined, index: number): string | null | undefined {
  return row === undefined ? undefined : (row[index] ?? null);
}

function shapeOf(value: string | null | undefined): string {
  if (value === undefined) return "missing";
  if (value === null) return "NULL";
  if (value === "") return "empty";
  const blanks = value.trim() === value ? "" : ", blanks at an end";
  return `${[...value].length} ${[...value].length === 1 ? "character" : "characters"}${blanks}`;
}
