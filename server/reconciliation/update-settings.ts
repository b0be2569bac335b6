import { and, eq } from "drizzle-orm";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError, type FieldProblem } from "#domain/errors/app-error.ts";
import { comparesAgain, leftOutProblems } from "#domain/reconciliation/excluded-columns.ts";
import type { TableSettings, UpdateSettingsInput } from "#domain/reconciliation/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { checkLeftOut, type LeftOutCheck } from "./check-left-out.ts";
import { nextRuns, scheduleProblems } from "./schedule.ts";
import { requireCheckedTable, seedOf } from "./stored-table.ts";

/**
 * Changes how a table is checked; what is not given stays as it is. A database that cannot be read does not stop it: what
 * could not be checked is told instead.
 */
export async function updateSettings(
  deps: Pick<Deps, "db" | "now" | "vault">,
  actor: Actor,
  { id, version, settings: changes }: UpdateSettingsInput,
): Promise<{ version: number; settings: TableSettings; unchecked: LeftOutCheck["unchecked"] }> {
  requirePermission(actor, "reconciliation:configure");
  const { db, now } = deps;
  const table = await requireCheckedTable(db, id);
  if (table.version !== version) throw changedMeanwhile();
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const settings: TableSettings = { ...table.settings, ...given };
  refuse([...scheduleProblems(settings), ...leftOutProblems(table.settings, settings, now())]);
  const { problems, unchecked } = await checkLeftOut(deps, table, settings);
  refuse(problems);
  return db.transaction(async (tx) => {
    const [updated] = await tx
      .update(reconciliationTables)
      .set({
        settings,
        version: version + 1,
        ...nextRuns(settings, seedOf(table), now()),
        ...(settings.enabled ? {} : { heldBecause: null }),
        ...(comparesAgain(table.settings, settings) ? { lastFullRunId: null } : {}),
      })
      .where(and(eq(reconciliationTables.id, id), eq(reconciliationTables.version, version)))
      .returning({ version: reconciliationTables.version });
    if (!updated) throw changedMeanwhile();
    await notifyChange(tx, "reconciliation", `table/${id}`);
    await appendAudit(tx, actor, {
      action: "reconciliation.configure",
      subject: { cluster: table.cluster, pipeline: table.source, table: table.name },
      outcome: "succeeded",
      detail: {
        before: pick(table.settings, Object.keys(given)),
        after: pick(settings, Object.keys(given)),
      },
    });
    return { version: updated.version, settings, unchecked };
  });
}

function changedMeanwhile(): AppError {
  return new AppError("conflict", "Somebody changed these settings meanwhile; look at them again");
}

function refuse(problems: readonly FieldProblem[]): void {
  if (problems.length === 0) return;
  throw new AppError("invalid", problems.map(({ message }) => message).join(". "), { problems });
}

function pick(settings: TableSettings, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)));
}
