import { and, eq } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ConnectionTest } from "#domain/databases/connection-test.ts";
import type { DatabaseDraft, DatabaseId } from "#domain/databases/schema.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { requireUsable } from "./describe-change.ts";
import { requireDatabase } from "./registered-database.ts";
import { requireReadonlyReference } from "./require-readonly-reference.ts";
import { tryConnection } from "./try-connection.ts";

type TestDeps = Pick<Deps, "db" | "config" | "vault" | "limits" | "now">;

/** Connects to a registered database with Headgate's own read-only credential and keeps the result with it. */
export async function testConnection(
  deps: TestDeps,
  actor: Actor,
  { id }: DatabaseId,
): Promise<ConnectionTest> {
  requirePermission(actor, "credentials:view");
  await limitExpensive(deps, actor, "databases.test");
  const database = await requireDatabase(deps.db, id);
  const result = await tryConnection(deps, database);
  await deps.db.transaction(async (tx) => {
    await tx
      .update(databases)
      .set({ lastTest: result })
      .where(and(eq(databases.id, id), eq(databases.version, database.version)));
    await notifyChange(tx, "databases", id);
    await appendAudit(tx, actor, {
      action: "database.test",
      subject: { database: database.name, id },
      outcome: result.ok ? "succeeded" : "failed",
      detail: outcomeDetail(result),
    });
  });
  return result;
}

/**
 * The same before the registration is saved. It sends Headgate's credential to an address that is not registered yet,
 * so it needs the right to register, and the trail holds address and references.
 */
export async function testDraftConnection(
  deps: TestDeps,
  actor: Actor,
  draft: DatabaseDraft,
): Promise<ConnectionTest> {
  requirePermission(actor, "databases:register");
  await limitExpensive(deps, actor, "databases.test");
  requireUsable(deps, draft);
  await requireReadonlyReference(deps.db, draft);
  const result = await tryConnection(deps, draft);
  await appendAudit(deps.db, actor, {
    action: "database.test",
    subject: { database: draft.name },
    outcome: result.ok ? "succeeded" : "failed",
    detail: {
      host: draft.host,
      port: draft.port,
      databaseName: draft.databaseName,
      tlsMode: draft.tlsMode,
      readonlyPasswordRef: draft.readonlyPasswordRef,
      ...outcomeDetail(result),
    },
  });
  return result;
}

function outcomeDetail(result: ConnectionTest): Record<string, unknown> {
  return result.ok ? { latencyMs: result.latencyMs } : { problem: result.problem };
}
