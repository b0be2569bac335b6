import { and, inArray } from "drizzle-orm";
import { reconciliationDiscrepancies } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { DiscrepancyState, IgnoreInput, ResolveInput } from "#domain/reconciliation/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { recount } from "./find-tables.ts";
import { selectDiscrepancies } from "./list-discrepancies.ts";
import { subjectOf } from "./start-check.ts";
import { requireCheckedTable } from "./stored-table.ts";

const MOST_AT_ONCE = 50_000;
const LONGEST_IGNORED_MS = 366 * 86_400_000;

type DecideDeps = Pick<Deps, "db" | "now">;
type Change = Partial<typeof reconciliationDiscrepancies.$inferInsert>;

/** Leaves rows different on purpose, until that day. */
export async function ignoreDiscrepancies(
  deps: DecideDeps,
  actor: Actor,
  { selection, reason, until }: IgnoreInput,
): Promise<{ rows: number }> {
  requirePermission(actor, "reconciliation:repair");
  const ahead = until.getTime() - deps.now().getTime();
  if (ahead <= 0) throw new AppError("invalid", "The end has to lie ahead");
  if (ahead > LONGEST_IGNORED_MS) throw new AppError("invalid", "At most a year; decide again then");
  return decide(deps, actor, { selection, reason }, ["open"], "ignore", {
    state: "ignored",
    ignoredUntil: until,
  });
}

/** Says that rows are dealt with by hand; a check that finds them again opens them again. */
export async function resolveDiscrepancies(
  deps: DecideDeps,
  actor: Actor,
  input: ResolveInput,
): Promise<{ rows: number }> {
  requirePermission(actor, "reconciliation:repair");
  return decide(deps, actor, input, ["open", "ignored"], "resolve", {
    state: "resolved",
    endedAt: deps.now(),
  });
}

/** Takes a decision to ignore back. */
export async function reopenDiscrepancies(
  deps: DecideDeps,
  actor: Actor,
  input: ResolveInput,
): Promise<{ rows: number }> {
  requirePermission(actor, "reconciliation:repair");
  return decide(deps, actor, input, ["ignored"], "reopen", { state: "open", ignoredUntil: null });
}

async function decide(
  deps: DecideDeps,
  actor: Actor,
  { selection, reason }: ResolveInput,
  from: readonly DiscrepancyState[],
  verb: string,
  change: Change,
): Promise<{ rows: number }> {
  const rows = await selectDiscrepancies(deps, selection, from, MOST_AT_ONCE);
  const ids = rows.map(({ id }) => id);
  const tableIds = [...new Set(rows.map(({ tableId }) => tableId))];
  await deps.db.transaction(async (tx) => {
    const changed = await tx
      .update(reconciliationDiscrepancies)
      .set({ ...change, decidedBy: actor.name, decidedReason: reason })
      .where(
        and(
          inArray(reconciliationDiscrepancies.id, ids),
          inArray(reconciliationDiscrepancies.state, [...from]),
        ),
      )
      .returning({ id: reconciliationDiscrepancies.id, state: reconciliationDiscrepancies.state });
    if (changed.length !== ids.length)
      throw new AppError("conflict", "Some of these rows changed meanwhile; look again");
    for (const id of tableIds) {
      await recount(tx, id);
      await notifyChange(tx, "reconciliation", `table/${id}`);
    }
    const tables = await Promise.all(tableIds.map((id) => requireCheckedTable(tx, id)));
    await appendAudit(tx, actor, {
      action: `reconciliation.${verb}`,
      subject: subjectOf(tables),
      outcome: "succeeded",
      detail: { reason, rows: ids.length, ids: ids.slice(0, 200), until: change.ignoredUntil?.toISOString() },
    });
  });
  return { rows: ids.length };
}
