"use client";

import type { Route } from "next";
import dynamic from "next/dynamic";
import { recordPath } from "#components/dead-letters/dead-letter-paths.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { Section } from "#components/ui/section.tsx";
import { isAtRest } from "#domain/plans/run-state.ts";
import { ActivityBadge } from "./activity-badge.tsx";
import { CancelWindow } from "./cancel-window.tsx";
import { PlanActions } from "./plan-actions.tsx";
import { planAnswer } from "./plan-answer.ts";
import { PlanApprovals } from "./plan-approvals.tsx";
import { PlanChanges } from "./plan-changes.tsx";
import { PlanEffects } from "./plan-effects.tsx";
import { PlanFacts } from "./plan-facts.tsx";
import type { Plan } from "./plan-outputs.ts";
import { PlanSteps } from "./plan-steps.tsx";
import { usePlan } from "./use-plan.ts";
import { WorkerNotice } from "./worker-notice.tsx";

const RunItems = dynamic(() => import("./run-items.tsx").then((file) => file.RunItems));

const ReplayPanel = dynamic(() =>
  import("#components/dead-letters/replay-panel.tsx").then((file) => file.ReplayPanel),
);

const CRUMBS = [{ label: "Activity", href: "/activity" }] as const;

/** Their items are dead letters, by id. */
const LETTER_KINDS = new Set(["dead-letters.replay", "dead-letters.reread", "dead-letters.discard"]);

function letterHref(key: string): Route | undefined {
  return /^\d+$/.test(key) ? recordPath(Number(key)) : undefined;
}

/** One plan: what it will do, who agreed, how its run goes, what it did one by one. */
export function PlanPage({ planId }: { planId: string }) {
  const query = usePlan(planId);
  return (
    <QueryState query={query} what="the plan">
      {(plan) => <PlanBody plan={plan} />}
    </QueryState>
  );
}

function PlanBody({ plan }: { plan: Plan }) {
  const { draft, run } = plan;
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <PageHeader
        crumbs={CRUMBS}
        title={draft.title}
        status={<ActivityBadge state={plan.state} look="pill" />}
        answer={<span role="status">{planAnswer(plan)}</span>}
        actions={<PlanActions plan={plan} />}
      />
      {(run?.state === "queued" || run?.state === "running") && <WorkerNotice />}
      {run && <CancelWindow run={run} />}
      <div className="grid min-w-0 grid-cols-1 gap-3 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-3">
          <Section title={run ? "What it set out to do" : "What will happen"}>
            <PlanEffects draft={draft} />
          </Section>
          {draft.kind === "dead-letters.replay" && draft.subject.replay && (
            <ReplayPanel
              replayId={draft.subject.replay}
              isEdited={draft.diff !== undefined}
              isRunning={run !== null && !isAtRest(run.state)}
            />
          )}
          <Section title="Steps" flush>
            <PlanSteps plan={plan} />
          </Section>
          {draft.diff && (
            <Section title="Before and after">
              <PlanChanges diff={draft.diff} />
            </Section>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-3">
          <Section title="About this plan">
            <PlanFacts plan={plan} />
          </Section>
          {plan.approvalsNeeded > 0 && (
            <Section title="Approval">
              <PlanApprovals plan={plan} />
            </Section>
          )}
        </div>
      </div>
      {run && plan.hasItems && (
        <Section title="Results one by one">
          <RunItems run={run} {...(LETTER_KINDS.has(draft.kind) ? { itemHref: letterHref } : {})} />
        </Section>
      )}
    </div>
  );
}
