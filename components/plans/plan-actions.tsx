import { isResumable } from "#domain/plans/run-state.ts";
import { AbortRun } from "./abort-run.tsx";
import { ApprovePlan } from "./approve-plan.tsx";
import { DiscardPlan } from "./discard-plan.tsx";
import type { Plan } from "./plan-outputs.ts";
import { ResumeRun } from "./resume-run.tsx";
import { StartPlan } from "./start-plan.tsx";

/** What can be done about the plan now. */
export function PlanActions({ plan }: { plan: Plan }) {
  const { run, state } = plan;
  if (run)
    return (
      <>
        {run.state !== "succeeded" && run.state !== "aborted" && run.state !== "failed" && (
          <AbortRun plan={plan} run={run} />
        )}
        {isResumable(run.state) && <ResumeRun plan={plan} run={run} />}
      </>
    );
  if (state !== "proposed" && state !== "approved") return null;
  const awaitsApproval = plan.approvals.length < plan.approvalsNeeded;
  return (
    <>
      <DiscardPlan plan={plan} />
      {awaitsApproval && <ApprovePlan plan={plan} />}
      <StartPlan plan={plan} />
    </>
  );
}
