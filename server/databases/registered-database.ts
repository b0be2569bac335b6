import { eq } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { databases } from "#db/schema/databases.ts";
import { ConnectionTest } from "#domain/databases/connection-test.ts";
import type { DatabaseDraft } from "#domain/databases/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";

/** A registered database as screens and other modules see it: references, never values. */
export interface RegisteredDatabase extends DatabaseDraft {
  id: string;
  version: number;
  /** The last connection test since address or credential changed. */
  lastTest: ConnectionTest | undefined;
  createdAt: Date;
  createdBy: string;
  updatedAt: Date;
  updatedBy: string;
}

export type DatabaseRow = typeof databases.$inferSelect;

/** For verbs: the caller has checked the permission. */
export async function requireDatabase(db: DbOrTx, id: string): Promise<RegisteredDatabase> {
  const [row] = await db.select().from(databases).where(eq(databases.id, id));
  if (row) return toRegistered(row);
  throw new AppError("not_found", "This database is not registered; it may have been removed");
}

export function toRegistered(row: DatabaseRow): RegisteredDatabase {
  const lastTest = ConnectionTest.safeParse(row.lastTest);
  return {
    ...row,
    tlsCa: row.tlsCa ?? undefined,
    connectorRole: row.connectorRole ?? undefined,
    changeUserRef: row.changeUserRef ?? undefined,
    changePasswordRef: row.changePasswordRef ?? undefined,
    lastTest: lastTest.success ? lastTest.data : undefined,
  };
}

/** The columns of a draft; what is absent is null and not left as it was. */
export function toColumns(draft: DatabaseDraft) {
  return {
    name: draft.name,
    engine: draft.engine,
    host: draft.host,
    port: draft.port,
    databaseName: draft.databaseName,
    tlsMode: draft.tlsMode,
    tlsCa: draft.tlsCa ?? null,
    cluster: draft.cluster,
    role: draft.role,
    connectorRole: draft.connectorRole ?? null,
    connectorUserRef: draft.connectorUserRef,
    connectorPasswordRef: draft.connectorPasswordRef,
    readonlyUserRef: draft.readonlyUserRef,
    readonlyPasswordRef: draft.readonlyPasswordRef,
    changeUserRef: draft.changeUserRef ?? null,
    changePasswordRef: draft.changePasswordRef ?? null,
  };
}
