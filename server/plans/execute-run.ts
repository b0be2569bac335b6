import { and, asc, eq, sql } from "drizzle-orm";
import { plans, runSteps, runs } from "#db/schema/plans.ts";
import type { Actor } from "#domain/access/permissions.ts";
import type { AuditOutcome } from "#domain/audit/entry.ts";
import { canMove, holdsLocks, nextStep, overallState, planStatusOf } from "#domain/plans/run-state.ts";
import type { RunState } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { closeRunAudit } from "./close-run-audit.ts";
import { isUntouched } from "./fingerprint.ts";
import { keepLease, type LeaseKeeper, RunInterrupted } from "./lease-keeper.ts";
import { isDatabaseAway, type Patience, withPatience } from "./patience.ts";
import type { StepContext } from "./plan-kind.ts";
import { writeRunItems } from "./run-items.ts";
import {
  claimRun,
  fenced,
  LEASE_TIMING,
  type Lease,
  LeaseLost,
  type LeaseTiming,
  planOfRun,
  releaseLease,
} from "./run-lease.ts";
import { releaseRunLocks } from "./run-locks.ts";
import { performStep, RETRY_TIMING, type RetryTiming, type StepResult } from "./run-step.ts";
import { createStepProgress } from "./step-progress.ts";
import type { StoredPlan } from "./stored-plan.ts";
import type { StoredRun } from "./stored-run.ts";

/** Places between which a crash may come; tests end the process at each of them. */
export const RUN_POINTS = [
  "claimed",
  "before-step",
  "step-marked",
  "step-acted",
  "step-recorded",
  "before-finish",
  "finished",
] as const;
export type RunPoint = (typeof RUN_POINTS)[number];

export interface RunTiming {
  lease: LeaseTiming;
  retry: RetryTiming;
  /** How long the runner waits for a state database that went away in the middle. */
  store: Patience;
}

export const RUN_TIMING: RunTiming = {
  lease: LEASE_TIMING,
  retry: RETRY_TIMING,
  store: { firstMs: 200, maxMs: 2_000, giveUpAfterMs: 60_000 },
};

export interface RunnerOptions {
  /** Shown as the owner of the run: host, process. */
  worker: string;
  /** Aborted when this worker stops: the run is given back and goes on elsewhere. */
  stopping: AbortSignal;
  timing: RunTiming;
  onPoint?: (point: RunPoint, runId: string) => void | Promise<void>;
}

/** How a call of the runner ended; `not_claimed` and `given_back` leave the run to another worker. */
export type RunEnd = RunState | "not_claimed" | "given_back";

interface RunWork {
  deps: Deps;
  options: RunnerOptions;
  lease: Lease;
  keeper: LeaseKeeper;
  run: StoredRun;
  plan: StoredPlan;
}

/** Works on a run until it is at rest. Safe to call for any run at any time: only the holder of the lease does anything. */
export async function executeRun(deps: Deps, runId: string, options: RunnerOptions): Promise<RunEnd> {
  const claimed = await claimRun(deps.db, runId, options.worker, options.timing.lease);
  if (!claimed) return "not_claimed";
  const { lease, run } = claimed;
  const keeper = keepLease(deps, lease, { timing: options.timing.lease, stopping: options.stopping });
  try {
    const plan = await planOfRun(deps.db, run.planId);
    return await workThrough({ deps, options, lease, keeper, run, plan });
  } catch (error) {
    if (error instanceof LeaseLost) return "given_back";
    if (!(error instanceof RunInterrupted))
      deps.log.error(
        { err: error, run: runId },
        "a run was interrupted; the next attempt looks where it stands",
      );
    if (error instanceof RunInterrupted || isDatabaseAway(error))
      await releaseLease(deps.db, lease).catch(() => undefined);
    return "given_back";
  } finally {
    keeper.stop();
  }
}

async function workThrough(work: RunWork): Promise<RunState> {
  const { deps, plan, keeper } = work;
  await reach(work, "claimed");
  const kind = deps.planKinds.get(plan.kind);
  if (!isUntouched(plan))
    return finish(work, "failed", "The stored plan no longer matches its fingerprint; nothing more was done");
  if (!kind)
    return finish(
      work,
      "failed",
      `This worker does not know plans of the kind ${plan.kind}; nothing more was done`,
    );
  for (;;) {
    keeper.workerSignal.throwIfAborted();
    const next = nextStep(await readSteps(work));
    if (!next) return finish(work, "succeeded", "Every step is done");
    if (!next.settleFirst && (await isAborting(work))) return finish(work, "aborted", ABORTED);
    const step = plan.frozen.steps[next.position];
    if (!step) throw new Error(`The plan ${plan.id} has no step ${next.position}`);
    await reach(work, "before-step");
    const contexts = stepContexts(work, next.position);
    const result = await performStep(
      {
        kind,
        step,
        context: contexts.doing,
        settleContext: contexts.settling,
        retry: work.options.timing.retry,
        log: deps.log,
        mark: () => markRunning(work, next.position),
        acted: () => reach(work, "step-acted"),
      },
      next.settleFirst,
    );
    await contexts.flush();
    await record(work, next.position, result);
    const states = (await readSteps(work)).map(({ state }) => state);
    const overall = overallState(states, await isAborting(work));
    if (overall === "succeeded" || overall === "running") continue;
    return finish(work, overall, overall === "aborted" ? ABORTED : `${step.title}: ${result.message}`);
  }
}

function stepContexts(work: RunWork, position: number) {
  const { deps, lease, keeper, run, plan } = work;
  const actor: Actor = { ...run.startedBy, via: "worker" };
  const progress = createStepProgress(deps, { lease, planId: plan.id, position });
  const base: Omit<StepContext, "signal"> = {
    workerSignal: keeper.workerSignal,
    deps,
    actor,
    planId: plan.id,
    runId: run.id,
    stepPosition: position,
    async progress(done, total, note) {
      progress.report(done, total, note);
    },
    recordItems: (items) =>
      store(work, (tx) => writeRunItems(tx, { runId: run.id, stepPosition: position }, items)),
  };
  return {
    doing: { ...base, signal: keeper.signal },
    settling: { ...base, signal: keeper.workerSignal },
    flush: progress.flush,
  };
}

async function markRunning(work: RunWork, position: number): Promise<void> {
  await store(work, async (tx) => {
    await tx
      .update(runSteps)
      .set({
        state: "running",
        attempts: sql`${runSteps.attempts} + 1`,
        startedAt: sql`now()`,
        endedAt: null,
        message: null,
      })
      .where(and(eq(runSteps.runId, work.run.id), eq(runSteps.position, position)));
    await notifyChange(tx, "plans", work.plan.id);
  });
  await reach(work, "step-marked");
}

async function record(work: RunWork, position: number, result: StepResult): Promise<void> {
  await store(work, async (tx) => {
    await tx
      .update(runSteps)
      .set({
        state: result.state,
        message: result.message,
        detail: result.detail ?? null,
        endedAt: sql`now()`,
      })
      .where(and(eq(runSteps.runId, work.run.id), eq(runSteps.position, position)));
    await notifyChange(tx, "plans", work.plan.id);
  });
  await reach(work, "step-recorded");
}

const AUDIT_OUTCOME = {
  succeeded: "succeeded",
  failed: "failed",
  aborted: "failed",
  needs_attention: "unknown",
} as const satisfies Record<string, AuditOutcome>;

const ABORTED = "Aborted; the steps done before that stay done";

/** Brings the run to rest: its state, the plan's, its locks and the audit entry in one transaction. */
async function finish(work: RunWork, state: keyof typeof AUDIT_OUTCOME, message: string): Promise<RunState> {
  await reach(work, "before-finish");
  await store(work, async (tx, run) => {
    if (!canMove(run.state, state))
      throw new Error(`The run ${run.id} cannot go from ${run.state} to ${state}`);
    if (state === "aborted")
      await tx
        .update(runSteps)
        .set({ state: "skipped", message: "Not done: the run was aborted" })
        .where(and(eq(runSteps.runId, run.id), eq(runSteps.state, "waiting")));
    const steps = await tx.select({ state: runSteps.state }).from(runSteps).where(eq(runSteps.runId, run.id));
    await tx
      .update(runs)
      .set({ state, message, endedAt: sql`now()`, leaseToken: null, leaseUntil: null, leaseWorker: null })
      .where(eq(runs.id, run.id));
    await tx
      .update(plans)
      .set({ status: planStatusOf(state) })
      .where(eq(plans.id, run.planId));
    if (!holdsLocks(state)) await releaseRunLocks(tx, run.id);
    await notifyChange(tx, "plans", run.planId);
    const actor: Actor = { ...run.startedBy, via: "worker" };
    await closeRunAudit(tx, run, actor, AUDIT_OUTCOME[state], {
      run: run.id,
      state,
      message,
      steps: countStates(steps),
      ...(run.abortedBy ? { abortedBy: run.abortedBy.name } : {}),
    });
  });
  await reach(work, "finished");
  return state;
}

function countStates(steps: readonly { state: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of steps) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

async function readSteps({ deps, run }: RunWork) {
  return deps.db
    .select({ position: runSteps.position, state: runSteps.state })
    .from(runSteps)
    .where(eq(runSteps.runId, run.id))
    .orderBy(asc(runSteps.position));
}

async function isAborting(work: RunWork): Promise<boolean> {
  if (work.keeper.abortRequested()) return true;
  return store(work, async (_tx, run) => run.state === "aborting");
}

/** What was done must not be forgotten because the state database restarts: the write waits for it, still fenced. */
async function store<T>(
  { deps, options, lease, keeper }: RunWork,
  write: Parameters<typeof fenced<T>>[2],
): Promise<T> {
  return withPatience(options.timing.store, keeper.workerSignal, isDatabaseAway, () =>
    fenced(deps.db, lease, write),
  );
}

async function reach({ options, run }: RunWork, point: RunPoint): Promise<void> {
  await options.onPoint?.(point, run.id);
}
