import type { Deps } from "#server/deps.ts";
import { isDatabaseAway } from "#server/plans/patience.ts";
import { recoverRuns } from "#server/plans/recover-runs.ts";
import { keepLoopAlive, LOOP_TIMING, type Loop } from "./loop.ts";
import { migrateState } from "./migrate.ts";
import type { RecurringJob } from "./registrations.ts";
import { waitForState } from "./wait-for-state.ts";
import { openWorkQueue, type WorkQueue } from "./work-queue.ts";
import { createPresence } from "./worker-presence.ts";

export interface WorkerOptions {
  databaseUrl: string;
  loops: readonly Loop[];
  recurring: readonly RecurringJob[];
  /** Aborted to stop in good order. */
  stopping: AbortSignal;
}

/** Works until it is told to stop; resolves when everything it started has ended. */
export async function runWorker(deps: Deps, options: WorkerOptions): Promise<void> {
  const { stopping } = options;
  const presence = createPresence();
  const queue = await open(deps, options, presence.name);
  if (!queue) return;
  deps.log.info({ worker: presence.name }, "worker is ready");
  const living = [presence.loop, ...options.loops].map((loop) =>
    keepLoopAlive(deps, loop, { signal: stopping, timing: LOOP_TIMING }),
  );
  await Promise.all(living);
  await queue.stop().catch((error: unknown) => deps.log.warn({ err: error }, "stopping the job queue"));
  await deps.jobs.close();
  await presence.leave(deps).catch(() => undefined);
}

async function open(deps: Deps, options: WorkerOptions, worker: string): Promise<WorkQueue | undefined> {
  const { databaseUrl, stopping, recurring } = options;
  while (!stopping.aborted) {
    await waitForState(deps, stopping);
    if (stopping.aborted) return undefined;
    try {
      await migrateState(deps.pool);
      // Before any job: the one that ends silent acts must find those of open runs alive.
      await recoverRuns(deps);
      return await openWorkQueue(deps, { databaseUrl, worker, stopping, recurring });
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      deps.log.warn({ err: error }, "the state database went away while starting");
    }
  }
  return undefined;
}
