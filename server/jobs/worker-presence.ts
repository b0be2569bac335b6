import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { and, desc, eq, isNull, lt, sql } from "drizzle-orm";
import { workers } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { everyMs, type Loop } from "./loop.ts";

const BEAT_MS = 5_000;
/** Three missed beats. */
const SILENT_FOR = sql`interval '15 seconds'`;

/** Says every few seconds that this worker is there, and at the end that it left in good order. */
export function createPresence(): { name: string; loop: Loop; leave(deps: Pick<Deps, "db">): Promise<void> } {
  const id = randomUUID();
  const host = hostname();
  return {
    name: `${host}/${process.pid}`,
    loop: {
      name: "presence",
      async run({ db }, signal) {
        await db.delete(workers).where(lt(workers.seenAt, sql`now() - interval '1 day'`));
        await db
          .insert(workers)
          .values({ id, host, pid: process.pid, startedAt: sql`now()`, seenAt: sql`now()` })
          .onConflictDoNothing();
        await notifyChange(db, "plans", "workers");
        await everyMs(BEAT_MS, signal, async () => {
          await db.update(workers).set({ seenAt: sql`now()` }).where(eq(workers.id, id));
        });
      },
    },
    async leave({ db }) {
      await db.update(workers).set({ stoppedAt: sql`now()` }).where(eq(workers.id, id));
      await notifyChange(db, "plans", "workers");
    },
  };
}

export interface WorkerStatus {
  running: number;
  /** When the last one was seen; null: none ever was. */
  lastSeenAt: Date | null;
}

/** Whether anybody is there to do what is queued. */
export async function getWorkerStatus({ db }: Pick<Deps, "db">, actor: Actor): Promise<WorkerStatus> {
  requirePermission(actor, "console:view");
  const alive = await db.$count(
    workers,
    and(isNull(workers.stoppedAt), sql`${workers.seenAt} > now() - ${SILENT_FOR}`),
  );
  const [last] = await db
    .select({ seenAt: workers.seenAt })
    .from(workers)
    .orderBy(desc(workers.seenAt))
    .limit(1);
  return { running: alive, lastSeenAt: last?.seenAt ?? null };
}
