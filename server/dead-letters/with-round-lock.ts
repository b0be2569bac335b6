import type pg from "pg";

/** Of several workers one does the round; undefined for the others, who do nothing. */
export async function withRoundLock<T>(
  pool: pg.Pool,
  lock: number,
  round: (session: pg.PoolClient) => Promise<T>,
): Promise<T | undefined> {
  const session = await pool.connect();
  try {
    const { rows } = await session.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [lock]);
    if (!rows[0]?.got) return undefined;
    try {
      return await round(session);
    } finally {
      await session.query("select pg_advisory_unlock($1)", [lock]).catch(() => undefined);
    }
  } finally {
    session.release();
  }
}
