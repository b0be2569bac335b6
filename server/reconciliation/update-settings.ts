import { and, eq } from "drizzle-orm";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { comparesAgain } from "#domain/reconciliation/excluded-columns.ts";
import type { TableSettings, UpdateSettingsInput } from "#domain/reconciliation/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { nextRuns, requireSchedule } from "./schedule.ts";
import { requireCheckedTable, seedOf } from "./stored-table.ts";

/** Changes how a table is checked; what is not given stays as it is. */
export async function updateSettings(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id, version, settings: changes }: UpdateSettingsInput,
): Promise<{ version: number; settings: TableSettings }> {
  requirePermission(actor, "reconciliation:configure");
  return db.transaction(async (tx) => {
    const table = await requireCheckedTable(tx, id);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const settings: TableSettings = { ...table.settings, ...given };
    requireSchedule(settings);
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
    if (!updated)
      throw new AppError("conflict", "Somebody changed these settings meanwhile; look at them again");
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
    return { version: updated.version, settings };
  });
}

function pick(settings: TableSettings, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => keys.includes(key)));
}
