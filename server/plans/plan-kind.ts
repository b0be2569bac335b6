import type { Actor, Permission } from "#domain/access/permissions.ts";
import type { PlanStep } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";

export interface StepContext {
  deps: Deps;
  /** The person who started the run; steps act in their name. */
  actor: Actor;
  planId: string;
  runId: string;
  /** Aborted when a person aborts the run or the worker stops: finish or undo the current item, then return. */
  signal: AbortSignal;
  /** Progress within a long step; stored and pushed to the screen. */
  progress(done: number, total: number | undefined, note?: string): Promise<void>;
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
  | { state: "succeeded"; message: string }
  | { state: "not_done" }
  | { state: "unknown"; message: string };

/** What a module teaches the plan engine: how to do one step of its kind, and how to see whether it was done. */
export interface PlanKind {
  kind: string;
  /** Needed to propose and to run. */
  permission: Permission;
  /** Needed to approve as the second person; `plans:approve` is always needed as well. */
  approvePermission: Permission;
  runStep(context: StepContext, step: PlanStep): Promise<StepOutcome>;
  settleStep(context: StepContext, step: PlanStep): Promise<Settlement>;
}
