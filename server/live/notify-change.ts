import { sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";

/** PostgreSQL channel that carries every change; the payload says what changed, never the data. */
export const CHANGES_CHANNEL = "headgate_changes";

/**
 * Tells every open screen that something of this router changed. Inside a transaction it is sent at commit, and not at
 * all on rollback. `key` names what changed, e.g. `<cluster>/<connector>`; keep it short (PostgreSQL's limit is 8 kB).
 */
export async function notifyChange(db: DbOrTx, subject: string, key: string): Promise<void> {
  await db.execute(sql`select pg_notify(${CHANGES_CHANNEL}, ${JSON.stringify({ subject, key })})`);
}
