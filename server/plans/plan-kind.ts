import type { Actor, Permission } from "#domain/access/permissions.ts";
import type { PlanStep, RunItem } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";

export interface StepContext {
  deps: Deps;
  /** The person who started the run; steps act in their name. */
  actor: Actor;
  planId: string;
  runId: string;
  /** The step's place in the run, where its results belong. */
  stepPosition: number;
  /**
   * Aborted when a person aborts the run, the worker stops or it lost the run to another worker: finish or undo the
   * current item, then return the outcome or throw `signal.reason`. What was thrown is settled by looking at the engine.
   */
  signal: AbortSignal;
  /** The same without the person: for what must not be left half done once it has begun. */
  workerSignal: AbortSignal;
  /** Progress within a long step; stored at most twice a second and pushed to the screen. */
  progress(done: number, total: number | undefined, note?: string): Promise<void>;
  /** Results one by one, in bulk (up to 5,000 at a time); the same position again replaces what was there. */
  recordItems(items: readonly RunItem[]): Promise<void>;
}

export interface StepOutcome {
  state: "succeeded" | "failed" | "skipped";
  /** One sentence for people, without secrets. */
  message: string;
  /** Stored with the step, for links and per-item results; no secret, no row data. */
  detail?: Record<string, unknown>;
}

/** Where a step stands after a crash, found by looking at the engine. */
export type Settlement =
  | { state: "succeeded"; message: string; detail?: Record<string, unknown> }
  | { state: "not_done" }
  | { state: "unknown"; message: string };

/** What a module teaches the plan engine: how to do one step of its kind, and how to see whether it was done. */
export interface PlanKind {
  kind: string;
  /** Needed to propose, to run, to abort and to resume. */
  permission: Permission;
  /** Needed to approve as the second person; `plans:approve` is always needed as well. */
  approvePermission: Permission;
  /**
   * Does the step. A thrown `AppError` that is retryable is tried again after settling; any other refusal fails the step
   * with its message; an error that leaves the effect open (no answer, unreadable answer, a bug) is settled first.
   */
  runStep(context: StepContext, step: PlanStep): Promise<StepOutcome>;
  /** Looks, and changes nothing. Called with a fresh signal, also after an abort. */
  settleStep(context: StepContext, step: PlanStep): Promise<Settlement>;
}

export type PlanKinds = ReadonlyMap<string, PlanKind>;
