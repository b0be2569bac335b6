import { databases } from "#db/schema/databases.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { DatabaseDraft } from "#domain/databases/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { describeDraft, requireUsable } from "./describe-change.ts";
import { conflictOf } from "./name-conflict.ts";
import { type RegisteredDatabase, toColumns, toRegistered } from "./registered-database.ts";
import { requireReadonlyReference } from "./require-readonly-reference.ts";

/** Names a source or target for everything that follows; nothing is connected by it. */
export async function registerDatabase(
  deps: Pick<Deps, "db" | "config">,
  actor: Actor,
  draft: DatabaseDraft,
): Promise<RegisteredDatabase> {
  requirePermission(actor, "databases:register");
  requireUsable(deps, draft);
  await requireReadonlyReference(deps.db, draft);
  try {
    return await deps.db.transaction(async (tx) => {
      const [row] = await tx
        .insert(databases)
        .values({ ...toColumns(draft), createdBy: actor.name, updatedBy: actor.name })
        .returning();
      if (!row) throw new Error("PostgreSQL returned no row for an insert");
      await notifyChange(tx, "databases", row.id);
      await notifyChange(tx, "credentials", row.id);
      await appendAudit(tx, actor, {
        action: "database.register",
        subject: { database: row.name, id: row.id },
        outcome: "succeeded",
        detail: describeDraft(draft),
      });
      return toRegistered(row);
    });
  } catch (error) {
    throw conflictOf(error, draft);
  }
}
