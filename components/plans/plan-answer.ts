import { formatCount } from "#domain/format/numbers.ts";
import type { Plan } from "./plan-outputs.ts";

type Answered = Pick<Plan, "state" | "approvals" | "approvalsNeeded" | "run" | "untouched">;

/** The plan page's one question, “what about this plan?”, answered in a sentence. */
export function planAnswer({ state, approvals, approvalsNeeded, run, untouched }: Answered): string {
  if (!untouched)
    return "The stored content no longer matches its fingerprint: this plan cannot be run. Tell a security reviewer.";
  switch (state) {
    case "proposed":
      return approvalsNeeded > approvals.length
        ? "Nothing has happened yet. A second person has to approve it before it can be started."
        : "Nothing has happened yet. Read what it does, then start it.";
    case "approved":
      return "Approved by a second person. Nothing has happened yet.";
    case "queued":
      return "Started; a worker takes it up.";
    case "running":
      return `Running: ${stepsDone(run)}.`;
    case "aborting":
      return "Aborting: the step at hand is brought to an end, then nothing more is done.";
    case "needs_attention":
    case "failed":
      return run?.message ?? "It did not end well.";
    case "aborted":
      return `${run?.message ?? "Aborted"}: ${stepsDone(run)}.`;
    case "succeeded":
      return `${run?.message ?? "Every step is done"}.`;
    case "discarded":
      return "Put away before it was started. Nothing happened.";
    case "expired":
      return "It was not started within a day, so what it describes may have changed. Propose it again.";
  }
}

export function stepsDone(run: Pick<NonNullable<Plan["run"]>, "steps"> | null): string {
  const steps = run?.steps ?? [];
  const done = steps.filter((step) => step.state === "succeeded").length;
  const total = steps.length;
  return `${formatCount(done)} of ${formatCount(total)} ${total === 1 ? "step" : "steps"} done`;
}

/** Words for what keeps a plan from being started; undefined when nothing does. */
export function startBlocked(plan: Plan): string | undefined {
  if (!plan.may.run.allowed) return plan.may.run.reason;
  if (!plan.untouched) return "The stored content no longer matches its fingerprint";
  if (plan.state === "proposed" && plan.approvals.length < plan.approvalsNeeded)
    return "A second person has to approve this first";
  return undefined;
}
