"use client";

import Link from "next/link";
import { QueryState } from "#components/shell/query-state.tsx";
import { ActivityBadge } from "./activity-badge.tsx";
import { CancelWindow } from "./cancel-window.tsx";
import { PlanActions } from "./plan-actions.tsx";
import { planAnswer } from "./plan-answer.ts";
import { PlanApprovals } from "./plan-approvals.tsx";
import { PlanChanges } from "./plan-changes.tsx";
import { PlanEffects } from "./plan-effects.tsx";
import type { Plan } from "./plan-outputs.ts";
import { planPath } from "./plan-path.ts";
import { PlanSteps } from "./plan-steps.tsx";
import { usePlan } from "./use-plan.ts";
import { WorkerNotice } from "./worker-notice.tsx";

export interface PlanPanelProps {
  planId: string;
  onStarted?: (runId: string) => void;
  /** Leaves out before and after, where the caller has just shown them. */
  hideChanges?: boolean;
}

/** A plan inside another screen: review, start and watch it without leaving. The full page has a link. */
export function PlanPanel({ planId, onStarted, hideChanges }: PlanPanelProps) {
  const query = usePlan(planId);
  return (
    <QueryState query={query} what="the plan">
      {(plan) => <PanelBody plan={plan} onStarted={onStarted} hideChanges={hideChanges ?? false} />}
    </QueryState>
  );
}

interface PanelBodyProps {
  plan: Plan;
  onStarted: ((runId: string) => void) | undefined;
  hideChanges: boolean;
}

function PanelBody({ plan, onStarted, hideChanges }: PanelBodyProps) {
  const { draft, run } = plan;
  return (
    <section aria-label={draft.title} className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="flex min-w-0 flex-col gap-1">
          <div className="flex flex-wrap items-center gap-2">
            <h2 className="break-words font-semibold text-body">{draft.title}</h2>
            <ActivityBadge state={plan.state} look="pill" />
          </div>
          <p role="status" className="max-w-[72ch] text-muted-foreground text-table">
            {planAnswer(plan)}
          </p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <PlanActions plan={plan} onStarted={onStarted} />
        </div>
      </div>
      {run?.state === "queued" && <WorkerNotice />}
      {run && <CancelWindow run={run} />}
      {!run && <PlanEffects draft={draft} />}
      {plan.approvalsNeeded > 0 && <PlanApprovals plan={plan} />}
      {!run && !hideChanges && draft.diff && <PlanChanges diff={draft.diff} />}
      <div className="rounded-lg border bg-card">
        <PlanSteps plan={plan} />
      </div>
      <p className="text-meta">
        <Link href={planPath(plan.id)} className="text-link hover:underline">
          Open the plan’s page
        </Link>
      </p>
    </section>
  );
}
