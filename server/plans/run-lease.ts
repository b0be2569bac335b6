import { randomUUID } from "node:crypto";
import { and, eq, inArray, isNull, lt, lte, or, sql } from "drizzle-orm";
import type { Db, DbOrTx } from "#db/client.ts";
import { plans, runs } from "#db/schema/plans.ts";
import type { RunState } from "#domain/plans/schema.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import type { StoredRun } from "./stored-run.ts";

/** How long a silent worker keeps a run, and how often a living one says that it is there. */
export interface LeaseTiming {
  ttlMs: number;
  renewMs: number;
}

export const LEASE_TIMING: LeaseTiming = { ttlMs: 12_000, renewMs: 2_000 };

export interface Lease {
  runId: string;
  token: string;
}

/** Another worker has the run now: stop at once and write nothing. */
export class LeaseLost extends Error {
  constructor(runId: string) {
    super(`Another worker has taken over the run ${runId}`);
    this.name = "LeaseLost";
  }
}

export const OPEN_STATES = ["queued", "running", "aborting"] as const satisfies readonly RunState[];

/** Takes a run that nobody works on. Undefined: it is at rest, not due, or a living worker has it. */
export async function claimRun(
  db: Db,
  runId: string,
  worker: string,
  { ttlMs }: LeaseTiming,
): Promise<{ lease: Lease; run: StoredRun } | undefined> {
  const token = randomUUID();
  const [run] = await db
    .update(runs)
    .set({
      leaseToken: token,
      leaseUntil: sql`now() + ${ttlMs} * interval '1 millisecond'`,
      leaseWorker: worker,
      state: sql`case when ${runs.state} = 'queued' then 'running' else ${runs.state} end`,
      startedAt: sql`coalesce(${runs.startedAt}, now())`,
    })
    .where(
      and(
        eq(runs.id, runId),
        inArray(runs.state, [...OPEN_STATES]),
        lte(runs.notBefore, sql`now()`),
        or(isNull(runs.leaseUntil), lt(runs.leaseUntil, sql`now()`)),
      ),
    )
    .returning();
  if (!run) return undefined;
  await notifyChange(db, "plans", run.planId);
  return { lease: { runId, token }, run };
}

/** Says that the worker is alive and tells what people asked for meanwhile. */
export async function renewLease(db: Db, lease: Lease, { ttlMs }: LeaseTiming): Promise<RunState> {
  const [run] = await db
    .update(runs)
    .set({ leaseUntil: sql`now() + ${ttlMs} * interval '1 millisecond'` })
    .where(and(eq(runs.id, lease.runId), eq(runs.leaseToken, lease.token)))
    .returning({ state: runs.state });
  if (!run) throw new LeaseLost(lease.runId);
  return run.state;
}

/** Gives the run back unfinished, so that the next worker need not wait for the lease to end. */
export async function releaseLease(db: Db, lease: Lease): Promise<void> {
  await db
    .update(runs)
    .set({ leaseToken: null, leaseUntil: null, leaseWorker: null })
    .where(and(eq(runs.id, lease.runId), eq(runs.leaseToken, lease.token)));
}

/** Every write of a runner goes through here: a worker that lost the run cannot change it any more. */
export async function fenced<T>(
  db: Db,
  lease: Lease,
  write: (tx: DbOrTx, run: StoredRun) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    const [run] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, lease.runId), eq(runs.leaseToken, lease.token)))
      .for("update");
    if (!run) throw new LeaseLost(lease.runId);
    return write(tx, run);
  });
}

export async function planOfRun(db: Db, planId: string) {
  const [plan] = await db.select().from(plans).where(eq(plans.id, planId));
  if (!plan) throw new Error(`The run's plan ${planId} is gone`);
  return plan;
}
