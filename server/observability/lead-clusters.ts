import type pg from "pg";
import type { Deps } from "#server/deps.ts";
import { pause } from "./repeat.ts";

/** First half of the advisory lock's key; the second is the cluster's name. */
const LOCK_SPACE = 7_301_100;
const RETRY_MS = 2_000;

interface Led {
  stop: AbortController;
  done: Promise<void>;
}

/**
 * Several workers may run, one observes each cluster: whoever holds the cluster's advisory lock. One session holds all
 * locks of this worker; when it breaks PostgreSQL frees them, so observing stops first and another worker may take over.
 */
export async function leadClusters(
  { pool, log, config }: Pick<Deps, "pool" | "log" | "config">,
  signal: AbortSignal,
  observe: (cluster: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    const session = await pool.connect().catch((err: unknown) => {
      log.warn({ err }, "observer waits for the state database");
      return undefined;
    });
    if (session) await leadWithSession(session);
    await pause(RETRY_MS, signal);
  }

  async function leadWithSession(session: pg.PoolClient): Promise<void> {
    const led = new Map<string, Led>();
    const broken = new AbortController();
    session.on("error", () => broken.abort());
    const ended = AbortSignal.any([signal, broken.signal]);
    try {
      while (!ended.aborted) {
        await keepSession(session);
        for (const { name } of config.clusters) {
          if (led.has(name) || !(await tryLock(session, name))) continue;
          const stop = new AbortController();
          const done = observe(name, AbortSignal.any([ended, stop.signal])).finally(() => led.delete(name));
          led.set(name, { stop, done });
          log.info({ cluster: name }, "observing");
        }
        await pause(RETRY_MS, ended);
      }
    } catch (err) {
      if (!signal.aborted) log.warn({ err }, "observer lost its lock session");
    } finally {
      const running = [...led.values()];
      for (const { stop } of running) stop.abort();
      await Promise.allSettled(running.map(({ done }) => done));
      session.release(true);
    }
  }
}

/** A server that vanished without closing the connection would otherwise leave two leaders. */
async function keepSession(session: pg.PoolClient): Promise<void> {
  await withDeadline(session.query("select 1"));
}

async function tryLock(session: pg.PoolClient, cluster: string): Promise<boolean> {
  const { rows } = await withDeadline(
    session.query<{ held: boolean }>("select pg_try_advisory_lock($1, hashtext($2)) as held", [
      LOCK_SPACE,
      cluster,
    ]),
  );
  return rows[0]?.held === true;
}

async function withDeadline<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("the state database did not answer within 5 s")), 5_000);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
