import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { Plan } from "./plan-outputs.ts";

/** Who agreed, and who is still missing. */
export function PlanApprovals({ plan }: { plan: Plan }) {
  const missing = plan.approvalsNeeded - plan.approvals.length;
  return (
    <div className="flex flex-col gap-2 text-table">
      {plan.approvals.map((approval) => (
        <p key={approval.by} className="max-w-[72ch] break-words">
          {approval.by} approved <TimeStamp value={approval.at} event="approved" />: {approval.reason}
        </p>
      ))}
      {missing > 0 && (
        <p className="max-w-[72ch] text-muted-foreground">
          {plan.may.approve.allowed
            ? "A second person is needed, and you may be it: read what it does, then approve."
            : `A second person is needed. ${plan.may.approve.reason}.`}
        </p>
      )}
    </div>
  );
}
