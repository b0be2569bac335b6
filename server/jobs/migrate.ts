import { fileURLToPath } from "node:url";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import type pg from "pg";

const FOLDER = fileURLToPath(new URL("../../db/migrations", import.meta.url));
const MIGRATION_LOCK = 7_301_002;
const ALREADY_EXISTS = new Set(["42P07", "42710", "42723", "42701"]);

/** Brings the state database to this version's schema. Several processes may ask at once: one does it, the others wait. */
export async function migrateState(pool: pg.Pool): Promise<void> {
  const session = await pool.connect();
  try {
    await session.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
    await migrate(drizzle(session), { migrationsFolder: FOLDER });
  } catch (error) {
    const code = sqlStateOf(error);
    if (code === undefined || !ALREADY_EXISTS.has(code)) throw error;
    throw new Error(
      "The state database holds tables of another pre-release version of Headgate. Point DATABASE_URL at an empty database",
      { cause: error },
    );
  } finally {
    // Ending the session frees the lock, whatever state the transaction was left in.
    session.release(true);
  }
}

function sqlStateOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause)
    if ("code" in current && typeof current.code === "string") return current.code;
  return undefined;
}
