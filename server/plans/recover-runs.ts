import { and, inArray, isNull, lt, lte, or, sql } from "drizzle-orm";
import { auditOpenActs } from "#db/schema/audit.ts";
import { runs } from "#db/schema/plans.ts";
import type { Deps } from "#server/deps.ts";
import { OPEN_STATES } from "./run-lease.ts";

/**
 * Queues every open run that nobody works on: its worker died, stopped, or its job was lost. Also keeps the intents of
 * open runs alive in the audit trail, since only the run itself may say how it went. Returns how many were queued.
 */
export async function recoverRuns({ db, jobs }: Pick<Deps, "db" | "jobs">): Promise<number> {
  await jobs.ready();
  await db
    .update(auditOpenActs)
    .set({ touchedAt: sql`clock_timestamp()` })
    .where(
      and(
        inArray(
          auditOpenActs.actId,
          db
            .select({ actId: runs.auditActId })
            .from(runs)
            .where(inArray(runs.state, [...OPEN_STATES])),
        ),
        lt(auditOpenActs.touchedAt, sql`clock_timestamp() - interval '20 seconds'`),
      ),
    );
  const left = await db
    .select({ id: runs.id })
    .from(runs)
    .where(
      and(
        inArray(runs.state, [...OPEN_STATES]),
        lte(runs.notBefore, sql`now()`),
        lt(runs.queuedAt, sql`now() - interval '2 seconds'`),
        or(isNull(runs.leaseUntil), lt(runs.leaseUntil, sql`now()`)),
      ),
    );
  for (const { id } of left) await jobs.send(db, "plan-run", { runId: id }, { singletonKey: id });
  return left.length;
}
