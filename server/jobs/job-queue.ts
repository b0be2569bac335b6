import { sql } from "drizzle-orm";
import type pg from "pg";
import type { PgBoss, Queue } from "pg-boss";
import type { DbOrTx } from "#db/client.ts";
import type { Log } from "#server/log.ts";

/** Queues and how each is kept. Set when a queue is first made: pg-boss changes nothing later. */
export const QUEUES = {
  /**
   * Wakes a worker for a run. `short` allows one waiting job per run and any number of active ones, so that a run whose
   * worker died can be queued again while its old job still counts as active. The run's lease decides who works.
   */
  "plan-run": {
    policy: "short",
    notify: true,
    retryLimit: 3,
    retryDelay: 1,
    expireInSeconds: 23 * 3600,
    deleteAfterSeconds: 3600,
  },
  /** Wakes a worker for a comparison; kept like the runs of plans, for the same reasons. */
  "reconciliation-run": {
    policy: "short",
    notify: true,
    retryLimit: 0,
    expireInSeconds: 23 * 3600,
    deleteAfterSeconds: 3600,
  },
} as const satisfies Record<string, Omit<Queue, "name">>;
export type QueueName = keyof typeof QUEUES;

export interface JobOptions {
  /** At most one waiting job per key. */
  singletonKey?: string;
}

/** Puts jobs into the queue within the caller's transaction: a rollback takes the job back. */
export interface JobQueue {
  /** Opens the queue; call it before the transaction, since the first call creates what is missing. */
  ready(): Promise<void>;
  send(tx: DbOrTx, queue: QueueName, data: object, options?: JobOptions): Promise<void>;
  close(): Promise<void>;
}

/** Loaded at the first use: a web process that never starts a run does not carry the library. */
export function createJobQueue({ pool, log }: { pool: pg.Pool; log: Log }): JobQueue {
  let opened: Promise<PgBoss> | undefined;
  const open = () => {
    opened ??= openSender(pool, log).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };
  return {
    async ready() {
      await open();
    },
    async send(tx, queue, data, options = {}) {
      const { fromDrizzle } = await import("pg-boss");
      const boss = await open();
      await boss.send(queue, data, { ...options, db: fromDrizzle(tx, sql) });
    },
    async close() {
      const boss = await opened?.catch(() => undefined);
      opened = undefined;
      await boss?.stop({ graceful: false, close: false });
    },
  };
}

async function openSender(pool: pg.Pool, log: Log): Promise<PgBoss> {
  const { PgBoss } = await import("pg-boss");
  const boss = new PgBoss({
    db: { executeSql: (text, values) => pool.query(text, values) },
    supervise: false,
    schedule: false,
    clock: idleClock,
  });
  boss.on("error", (error) => log.warn({ err: error }, "job queue"));
  await boss.start();
  await createQueues(boss);
  return boss;
}

export async function createQueues(boss: PgBoss): Promise<void> {
  for (const [name, options] of Object.entries(QUEUES)) await boss.createQueue(name, options);
}

/** The sender's refresh timers must not keep a process alive that has nothing else to do. */
const idleClock = {
  now: () => Date.now(),
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms).unref(),
  clearTimeout: (timer: unknown) => clearTimeout(timer as NodeJS.Timeout),
  setInterval: (run: () => void, ms: number) => setInterval(run, ms).unref(),
  clearInterval: (timer: unknown) => clearInterval(timer as NodeJS.Timeout),
};
