import { randomUUID } from "node:crypto";
import { and, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import type { Db, DbOrTx } from "#db/client.ts";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";

export type StoredCheck = typeof reconciliationRuns.$inferSelect;

/** How long a silent worker keeps a run, and how often a living one says that it is there. */
export interface CheckLeaseTiming {
  ttlMs: number;
  renewMs: number;
}

export const CHECK_LEASE: CheckLeaseTiming = { ttlMs: 12_000, renewMs: 2_000 };

export interface CheckLease {
  runId: string;
  token: string;
}

/** A run in the hands of its worker. */
export interface CheckWork {
  deps: Deps;
  lease: CheckLease;
  run: StoredCheck;
  /** Aborted by a person, by the worker's stop, or when the lease was lost. */
  signal: AbortSignal;
  gateTimeoutMs: number;
}

/** Runs against one source at a time, over all workers: the source has other work. */
const AT_ONCE_PER_SOURCE = 2;

/** Takes a run nobody works on; undefined: it is at rest, a living worker has it, or its source has enough runs. */
export async function claimCheck(
  db: Db,
  runId: string,
  worker: string,
  { ttlMs }: CheckLeaseTiming,
): Promise<{ lease: CheckLease; run: StoredCheck } | undefined> {
  const token = randomUUID();
  const busy = sql`(select count(*) from reconciliation_runs other
      join reconciliation_tables theirs on theirs.id = other.table_id
      join reconciliation_tables ours on ours.id = ${reconciliationRuns.tableId}
     where other.state = 'RUNNING' and other.lease_until > now() and other.id <> ${runId}
       and theirs.source_database_id = ours.source_database_id)`;
  const [run] = await db
    .update(reconciliationRuns)
    .set({
      state: "RUNNING",
      leaseToken: token,
      leaseUntil: sql`now() + ${ttlMs} * interval '1 millisecond'`,
      leaseWorker: worker,
      startedAt: sql`coalesce(${reconciliationRuns.startedAt}, now())`,
      attempts: sql`${reconciliationRuns.attempts} + 1`,
    })
    .where(
      and(
        eq(reconciliationRuns.id, runId),
        inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"]),
        or(isNull(reconciliationRuns.leaseUntil), lt(reconciliationRuns.leaseUntil, sql`now()`)),
        sql`${busy} < ${AT_ONCE_PER_SOURCE}`,
      ),
    )
    .returning();
  if (!run) return undefined;
  await notifyChange(db, "reconciliation", `run/${runId}`);
  return { lease: { runId, token }, run };
}

/** Another worker has the run now: stop at once and write nothing. */
export class CheckLeaseLost extends Error {
  constructor(runId: string) {
    super(`Another worker has taken over the reconciliation run ${runId}`);
    this.name = "CheckLeaseLost";
  }
}

/** Every write of a run goes through here: a worker that lost it cannot change it any more. */
export function fencedCheck<T>(
  db: Db,
  { runId, token }: CheckLease,
  write: (tx: DbOrTx, run: StoredCheck) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    const [run] = await tx
      .select()
      .from(reconciliationRuns)
      .where(and(eq(reconciliationRuns.id, runId), eq(reconciliationRuns.leaseToken, token)))
      .for("update");
    if (!run) throw new CheckLeaseLost(runId);
    return write(tx, run);
  });
}

/** What a run in nobody's hands carries. */
export const NO_LEASE = { leaseToken: null, leaseUntil: null, leaseWorker: null };

/** Gives the run back unfinished, so that the next worker need not wait for the lease to end. */
export async function releaseCheck(db: Db, { runId, token }: CheckLease): Promise<void> {
  await db
    .update(reconciliationRuns)
    .set(NO_LEASE)
    .where(and(eq(reconciliationRuns.id, runId), eq(reconciliationRuns.leaseToken, token)));
}

export interface CheckKeeper {
  /** Aborted by a person, by the worker's stop, or when the lease could not be kept. */
  signal: AbortSignal;
  abortedByPerson(): boolean;
  stop(): void;
}

/** Renews the lease while a run is worked on, and hears of an abort. */
export function keepCheck(
  { db, log }: Pick<Deps, "db" | "log">,
  lease: CheckLease,
  { timing, stopping }: { timing: CheckLeaseTiming; stopping: AbortSignal },
): CheckKeeper {
  const own = new AbortController();
  const person = new AbortController();
  let renewedAt = performance.now();
  let renewing = false;
  const renew = async () => {
    if (performance.now() - renewedAt > timing.ttlMs - timing.renewMs)
      own.abort(new CheckLeaseLost(lease.runId));
    if (renewing) return;
    renewing = true;
    const asked = performance.now();
    try {
      const [run] = await db
        .update(reconciliationRuns)
        .set({ leaseUntil: sql`now() + ${timing.ttlMs} * interval '1 millisecond'` })
        .where(and(eq(reconciliationRuns.id, lease.runId), eq(reconciliationRuns.leaseToken, lease.token)))
        .returning({ abortedBy: reconciliationRuns.abortedBy });
      if (!run) own.abort(new CheckLeaseLost(lease.runId));
      renewedAt = asked;
      if (run?.abortedBy) person.abort(new Error("aborted"));
    } catch (error) {
      log.warn({ err: error, run: lease.runId }, "renewing the lease of a reconciliation run failed");
    } finally {
      renewing = false;
    }
  };
  const timer = setInterval(renew, timing.renewMs);
  const onStop = () => own.abort(new CheckLeaseLost(lease.runId));
  if (stopping.aborted) onStop();
  else stopping.addEventListener("abort", onStop, { once: true });
  return {
    signal: AbortSignal.any([own.signal, person.signal]),
    abortedByPerson: () => person.signal.aborted,
    stop() {
      clearInterval(timer);
      stopping.removeEventListener("abort", onStop);
    },
  };
}
