import type { PlanStatus, RunState, StepState } from "./schema.ts";

const NEXT: Record<RunState, readonly RunState[]> = {
  queued: ["running", "aborted"],
  running: ["succeeded", "failed", "needs_attention", "aborting"],
  aborting: ["aborted", "succeeded", "failed", "needs_attention"],
  failed: ["queued"],
  needs_attention: ["queued", "aborted"],
  succeeded: [],
  aborted: [],
};

export function canMove(from: RunState, to: RunState): boolean {
  return NEXT[from].includes(to);
}

/** Nothing happens any more unless a person acts. */
export function isAtRest(state: RunState): boolean {
  return state !== "queued" && state !== "running" && state !== "aborting";
}

/** A run whose effect is known and complete holds no lock; one that needs attention keeps it, since its effect is unknown. */
export function holdsLocks(state: RunState): boolean {
  return !isAtRest(state) || state === "needs_attention";
}

/** Only these may go on from their first step that did not succeed. */
export function isResumable(state: RunState): boolean {
  return canMove(state, "queued");
}

export function planStatusOf(state: RunState): PlanStatus {
  switch (state) {
    case "succeeded":
      return "done";
    case "failed":
      return "failed";
    case "aborted":
      return "aborted";
    case "queued":
    case "running":
    case "aborting":
    case "needs_attention":
      return "running";
  }
}

/** Steps are done strictly in order, so the first open one decides where the run stands. */
export function overallState(
  steps: readonly StepState[],
  abortRequested: boolean,
): Exclude<RunState, "queued" | "aborting"> {
  const open = steps.find((step) => step !== "succeeded" && step !== "skipped");
  if (open === undefined) return "succeeded";
  if (open === "unsettled") return "needs_attention";
  if (open === "failed") return "failed";
  return abortRequested ? "aborted" : "running";
}

/** The next step to do, and whether the engine has to be asked first how far an earlier attempt came. */
export function nextStep(
  steps: readonly { position: number; state: StepState }[],
): { position: number; settleFirst: boolean } | undefined {
  const open = steps.find((step) => step.state !== "succeeded" && step.state !== "skipped");
  return open && { position: open.position, settleFirst: open.state !== "waiting" };
}
