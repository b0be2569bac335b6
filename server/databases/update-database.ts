import { and, eq, sql } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { DatabaseDraft, DatabaseUpdate } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { describeChange, requireUsable } from "./describe-change.ts";
import { conflictOf } from "./name-conflict.ts";
import { type RegisteredDatabase, requireDatabase, toColumns, toRegistered } from "./registered-database.ts";
import { requireReadonlyReference } from "./require-readonly-reference.ts";

/** What a connection test depends on: with another address or credential, the old result says nothing. */
const TESTED = [
  "host",
  "port",
  "databaseName",
  "tlsMode",
  "tlsCa",
  "cluster",
  "readonlyUserRef",
  "readonlyPasswordRef",
] as const satisfies readonly (keyof DatabaseDraft)[];

/** Replaces the registration. Connectors keep their own configuration: they change through a plan of theirs. */
export async function updateDatabase(
  deps: Pick<Deps, "db" | "config" | "now">,
  actor: Actor,
  { id, version, ...draft }: DatabaseUpdate,
): Promise<RegisteredDatabase> {
  requirePermission(actor, "databases:register");
  requireUsable(deps, draft);
  await requireReadonlyReference(deps.db, draft);
  try {
    return await deps.db.transaction(async (tx) => {
      const before = await requireDatabase(tx, id);
      const isSameTest = TESTED.every((field) => before[field] === draft[field]);
      const [row] = await tx
        .update(databases)
        .set({
          ...toColumns(draft),
          version: sql`${databases.version} + 1`,
          updatedAt: deps.now(),
          updatedBy: actor.name,
          ...(isSameTest ? {} : { lastTest: null }),
        })
        .where(and(eq(databases.id, id), eq(databases.version, version)))
        .returning();
      if (!row) {
        throw new AppError(
          "conflict",
          `${before.updatedBy} changed ${before.name} in the meantime; look at it again before you save`,
        );
      }
      await notifyChange(tx, "databases", id);
      await notifyChange(tx, "credentials", id);
      await appendAudit(tx, actor, {
        action: "database.update",
        subject: { database: row.name, id },
        outcome: "succeeded",
        detail: describeChange(before, draft),
      });
      return toRegistered(row);
    });
  } catch (error) {
    throw conflictOf(error, draft);
  }
}
