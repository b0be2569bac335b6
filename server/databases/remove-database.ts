import { and, eq } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { DatabaseRemoval } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { describeDraft } from "./describe-change.ts";
import { readConnectorUses } from "./read-connector-uses.ts";
import { requireDatabase } from "./registered-database.ts";

/** Forgets a registration that nothing uses; the database itself and its secrets stay as they are. */
export async function removeDatabase(
  deps: Pick<Deps, "db" | "config">,
  actor: Actor,
  { id, version }: DatabaseRemoval,
): Promise<void> {
  requirePermission(actor, "databases:register");
  await deps.db.transaction(async (tx) => {
    const database = await requireDatabase(tx, id);
    const used = (await readConnectorUses(tx, deps, [database])).get(id) ?? [];
    if (used.length > 0) {
      const names = used.slice(0, 5).map(({ name }) => name);
      const more = used.length > names.length ? ` and ${used.length - names.length} more` : "";
      throw new AppError(
        "precondition_failed",
        `${database.name} is used by ${names.join(", ")}${more}; delete or move those connectors first`,
      );
    }
    const gone = await tx
      .delete(databases)
      .where(and(eq(databases.id, id), eq(databases.version, version)))
      .returning({ id: databases.id });
    if (gone.length === 0) {
      throw new AppError(
        "conflict",
        `${database.updatedBy} changed ${database.name} in the meantime; look at it again`,
      );
    }
    await notifyChange(tx, "databases", id);
    await notifyChange(tx, "credentials", id);
    await appendAudit(tx, actor, {
      action: "database.remove",
      subject: { database: database.name, id },
      outcome: "succeeded",
      detail: describeDraft(database),
    });
  });
}
