import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { type Lease, LeaseLost, type LeaseTiming, renewLease } from "./run-lease.ts";

/** Why a running step was told to stop; what it threw is then settled by looking at the engine. */
export class RunInterrupted extends AppError {
  readonly by: "person" | "worker_stop" | "lease_lost";

  constructor(by: RunInterrupted["by"], message: string) {
    super("conflict", message);
    this.name = "RunInterrupted";
    this.by = by;
  }
}

export interface LeaseKeeper {
  /** Aborted by a person, by the worker's stop, or when the lease could not be kept: for the step's own work. */
  signal: AbortSignal;
  /** The same without the person: for settling, which has to work after an abort too. */
  workerSignal: AbortSignal;
  abortRequested(): boolean;
  stop(): void;
}

/**
 * Renews the lease while a run is worked on. A worker that cannot reach the state database stops its step before the
 * lease ends, because afterwards another worker may do the same step.
 */
export function keepLease(
  { db, log }: Pick<Deps, "db" | "log">,
  lease: Lease,
  { timing, stopping }: { timing: LeaseTiming; stopping: AbortSignal },
): LeaseKeeper {
  const own = new AbortController();
  const person = new AbortController();
  let renewedAt = performance.now();
  let renewing = false;

  const renew = async () => {
    if (performance.now() - renewedAt > timing.ttlMs - timing.renewMs)
      own.abort(new RunInterrupted("lease_lost", "The state database could not be reached in time"));
    if (renewing) return;
    renewing = true;
    const asked = performance.now();
    try {
      const state = await renewLease(db, lease, timing);
      renewedAt = asked;
      if (state === "aborting") person.abort(new RunInterrupted("person", "The run was aborted"));
    } catch (error) {
      if (error instanceof LeaseLost) own.abort(new RunInterrupted("lease_lost", error.message));
      else log.warn({ err: error, run: lease.runId }, "renewing the lease of a run failed");
    } finally {
      renewing = false;
    }
  };
  const timer = setInterval(renew, timing.renewMs);
  const onStop = () => own.abort(new RunInterrupted("worker_stop", "The worker is stopping"));
  if (stopping.aborted) onStop();
  else stopping.addEventListener("abort", onStop, { once: true });

  return {
    signal: AbortSignal.any([own.signal, person.signal]),
    workerSignal: own.signal,
    abortRequested: () => person.signal.aborted,
    stop() {
      clearInterval(timer);
      stopping.removeEventListener("abort", onStop);
    },
  };
}
