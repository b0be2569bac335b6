import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "#domain/errors/app-error.ts";
import type { PlanStep, StepState } from "#domain/plans/schema.ts";
import type { Log } from "#server/log.ts";
import { RunInterrupted } from "./lease-keeper.ts";
import { isDatabaseAway, isRetryable, type Patience, withPatience } from "./patience.ts";
import type { PlanKind, Settlement, StepContext, StepOutcome } from "./plan-kind.ts";

/** What is written about a step when the runner is through with it; `waiting`: an abort came before it was done. */
export interface StepResult {
  state: Extract<StepState, "succeeded" | "failed" | "skipped" | "unsettled" | "waiting">;
  message: string;
  detail?: Record<string, unknown> | undefined;
}

export interface RetryTiming {
  /** Attempts of one step, as long as each was refused for a passing reason and had no effect. */
  attempts: number;
  pauseMs: number;
  /** How long an engine that does not answer is asked where a step stands. */
  settle: Patience;
}

export const RETRY_TIMING: RetryTiming = {
  attempts: 5,
  pauseMs: 2_000,
  settle: { firstMs: 500, maxMs: 10_000, giveUpAfterMs: 120_000 },
};

export interface StepWork {
  kind: PlanKind;
  step: PlanStep;
  /** For doing: ends on abort too. */
  context: StepContext;
  /** For looking: lives on after an abort. */
  settleContext: StepContext;
  retry: RetryTiming;
  log: Log;
  /** Marks the step as running in the store, before anything happens. */
  mark(): Promise<void>;
  acted(): Promise<void>;
}

/** Does a step, or finds out what an earlier attempt of it did. Throws only when this worker has to let go of the run. */
export async function performStep(work: StepWork, settleFirst: boolean): Promise<StepResult> {
  if (settleFirst) {
    const found = await settle(work);
    if (found.state !== "not_done") return found;
    if (isAbortedByPerson(work)) return notRun();
  }
  for (let attempt = 1; ; attempt += 1) {
    await work.mark();
    const result = await attemptStep(work, attempt);
    if (result !== "again") return result;
    await delay(work.retry.pauseMs * attempt, undefined, { signal: work.context.signal }).catch(
      () => undefined,
    );
    if (work.context.signal.aborted) {
      if (isAbortedByPerson(work)) return notRun();
      work.settleContext.signal.throwIfAborted();
    }
  }
}

async function attemptStep(work: StepWork, attempt: number): Promise<StepResult | "again"> {
  let failure: unknown;
  try {
    const outcome: StepOutcome = await work.kind.runStep(work.context, work.step);
    await work.acted();
    return outcome;
  } catch (error) {
    failure = error;
  }
  work.settleContext.signal.throwIfAborted();
  if (isPlainRefusal(failure) && !work.context.signal.aborted)
    return { state: "failed", message: failure.message };
  const found = await settle(work);
  if (found.state !== "not_done") return found;
  if (isAbortedByPerson(work)) return notRun();
  if (isRetryable(failure) && attempt < work.retry.attempts) return "again";
  return { state: "failed", message: sentenceOf(failure, work) };
}

/** The engine understood and said no: nothing happened, and asking again would get the same answer. */
function isPlainRefusal(error: unknown): error is AppError {
  if (!(error instanceof AppError) || error.retryable) return false;
  return error.code !== "upstream_unavailable" && error.code !== "upstream_contract_broken";
}

type Found = StepResult | { state: "not_done" };

async function settle({ kind, step, settleContext, retry, log }: StepWork): Promise<Found> {
  const { signal } = settleContext;
  try {
    const found: Settlement = await withPatience(retry.settle, signal, isPassing, () =>
      kind.settleStep(settleContext, step),
    );
    if (found.state === "unknown") return { state: "unsettled", message: found.message };
    return found;
  } catch (error) {
    signal.throwIfAborted();
    const why = error instanceof AppError ? error.message : reference(error, log, step);
    return {
      state: "unsettled",
      message: `Whether this step was done could not be found out: ${why}. Resume when it can be asked again`,
    };
  }
}

/** Where a step stands may be written in our own database: when that restarts, nobody needs to be called. */
function isPassing(error: unknown): boolean {
  return isRetryable(error) || isDatabaseAway(error);
}

function isAbortedByPerson({ context }: StepWork): boolean {
  const { signal } = context;
  return signal.aborted && signal.reason instanceof RunInterrupted && signal.reason.by === "person";
}

function notRun(): StepResult {
  return { state: "waiting", message: "Not done: the run was aborted" };
}

function sentenceOf(error: unknown, { log, step }: StepWork): string {
  return error instanceof AppError ? error.message : reference(error, log, step);
}

function reference(error: unknown, log: Log, step: PlanStep): string {
  const id = randomUUID().slice(0, 8);
  log.error({ err: error, step: step.key, reference: id }, "a plan step failed unexpectedly");
  return `Something went wrong on our side. Reference ${id}`;
}
