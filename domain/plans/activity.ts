import { effectiveStatus } from "./expiry.ts";
import type { PlanStatus, RunState } from "./schema.ts";

/** Where a plan stands in one word: its run's state once there is a run, its own until then. */
export const ACTIVITY_STATES = [
  "proposed",
  "approved",
  "queued",
  "running",
  "aborting",
  "needs_attention",
  "failed",
  "aborted",
  "succeeded",
  "discarded",
  "expired",
] as const;
export type ActivityState = (typeof ACTIVITY_STATES)[number];

export function activityState(
  plan: { status: PlanStatus; expiresAt: Date },
  run: { state: RunState } | null | undefined,
  now: Date,
): ActivityState {
  if (run) return run.state;
  const status = effectiveStatus(plan, now);
  // A plan gets these two only together with its run.
  if (status === "running" || status === "done") return status === "done" ? "succeeded" : "queued";
  return status;
}

export function activityWords(state: ActivityState): string {
  return state.replace("_", " ");
}
