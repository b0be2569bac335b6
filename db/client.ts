import { drizzle, type NodePgDatabase } from "drizzle-orm/node-postgres";
import pg from "pg";

export type Db = NodePgDatabase;

/** Verbs take this when they must join a caller's transaction. */
export type DbOrTx = Db | Parameters<Parameters<Db["transaction"]>[0]>[0];

export function openPool(url: string, max = 10): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    application_name: "headgate",
  });
  // An idle connection cut by a restart of the server must not end the process: the next query reconnects.
  pool.on("error", () => undefined);
  return pool;
}

/** Over a pool, or over the one connection whose transaction is to be joined. */
export function openDb(client: pg.Pool | pg.PoolClient): Db {
  return drizzle(client);
}
