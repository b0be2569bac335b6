import type { PgBoss } from "pg-boss";
import { z } from "zod";
import type { Deps } from "#server/deps.ts";
import { executeRun, RUN_TIMING } from "#server/plans/execute-run.ts";
import { executeCheck } from "#server/reconciliation/execute-check.ts";
import { createQueues } from "./job-queue.ts";
import type { RecurringJob } from "./registrations.ts";

/** Runs one worker process works on at the same time; more wait, or go to other workers. */
const RUNS_AT_ONCE = 4;
/** Tables one worker process compares at the same time: each holds buckets of its own in memory. */
const CHECKS_AT_ONCE = 2;
const RunJob = z.object({ runId: z.uuid() });

export interface WorkQueueOptions {
  databaseUrl: string;
  worker: string;
  stopping: AbortSignal;
  recurring: readonly RecurringJob[];
}

export interface WorkQueue {
  stop(): Promise<void>;
}

/** Takes jobs from the queue until it is stopped. */
export async function openWorkQueue(deps: Deps, options: WorkQueueOptions): Promise<WorkQueue> {
  const { PgBoss } = await import("pg-boss");
  const boss = new PgBoss({
    connectionString: options.databaseUrl,
    application_name: "headgate-jobs",
    max: 3,
    useListenNotify: true,
    monitorIntervalSeconds: 300,
    superviseIntervalSeconds: 300,
  });
  boss.on("error", (error) => deps.log.warn({ err: error }, "job queue"));
  boss.on("warning", (warning) => deps.log.warn({ warning: warning.message }, "job queue"));
  try {
    await boss.start();
    await createQueues(boss);
    await boss.work(
      "plan-run",
      { localConcurrency: RUNS_AT_ONCE, notifyPollingIntervalSeconds: 10 },
      async ([job]) => {
        const { runId } = RunJob.parse(job?.data);
        const { worker, stopping } = options;
        const end = await executeRun(deps, runId, { worker, stopping, timing: RUN_TIMING });
        deps.log.info({ run: runId, end }, "run");
      },
    );
    await boss.work(
      "reconciliation-run",
      { localConcurrency: CHECKS_AT_ONCE, notifyPollingIntervalSeconds: 10 },
      async ([job]) => {
        const { runId } = RunJob.parse(job?.data);
        const end = await executeCheck(deps, runId, { worker: options.worker, stopping: options.stopping });
        deps.log.info({ run: runId, end }, "reconciliation run");
      },
    );
    for (const job of options.recurring) await workRecurring(deps, boss, job);
    await forgetOthers(boss, options.recurring);
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => undefined);
    throw error;
  }
  return { stop: () => boss.stop({ graceful: true, timeout: 7_000 }) };
}

async function workRecurring(deps: Deps, boss: PgBoss, { name, cron, run }: RecurringJob): Promise<void> {
  await boss.createQueue(name, { policy: "short", notify: true, retryLimit: 0, deleteAfterSeconds: 600 });
  await boss.schedule(name, cron);
  await boss.work(name, async () => {
    await run(deps).catch((error: unknown) => {
      deps.log.error({ err: error, job: name }, "a recurring job failed");
      throw error;
    });
  });
}

/** Schedules are rows: one whose job is gone from this version would fill a queue that nobody works on. */
async function forgetOthers(boss: PgBoss, recurring: readonly RecurringJob[]): Promise<void> {
  const known = new Set(recurring.map((job) => job.name));
  for (const { name } of await boss.getSchedules()) if (!known.has(name)) await boss.unschedule(name);
}
