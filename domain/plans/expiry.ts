import type { PlanStatus } from "./schema.ts";

/** A plan describes the world of its day: after this it has to be made anew. */
export const PLAN_LIFE_HOURS = 24;

export function expiryOf(proposedAt: Date): Date {
  return new Date(proposedAt.getTime() + PLAN_LIFE_HOURS * 3_600_000);
}

/** The status to show and to act on: a plan nobody started in time is expired before the job that marks it came by. */
export function effectiveStatus(plan: { status: PlanStatus; expiresAt: Date }, now: Date): PlanStatus {
  const waiting = plan.status === "proposed" || plan.status === "approved";
  return waiting && plan.expiresAt <= now ? "expired" : plan.status;
}
