import { asc, eq } from "drizzle-orm";
import { planApprovals, runItems, runs } from "#db/schema/plans.ts";
import {
  type Actor,
  hasPermission,
  type Permission,
  requirePermission,
  rolesWith,
} from "#domain/access/permissions.ts";
import { type ActivityState, activityState } from "#domain/plans/activity.ts";
import { approvalsNeeded, cancelWindowSeconds, countToType, judgeApprover } from "#domain/plans/approval.ts";
import type { PlanDraft, PlanId } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { isUntouched } from "./fingerprint.ts";
import { type RunView, runView } from "./get-run.ts";
import { getStoredPlan } from "./stored-plan.ts";

export interface PlanView {
  id: string;
  state: ActivityState;
  draft: PlanDraft;
  fingerprint: string;
  /** The stored content still gives this fingerprint. */
  untouched: boolean;
  author: { id: string; name: string };
  proposedAt: Date;
  expiresAt: Date;
  approvals: { by: string; reason: string; at: Date }[];
  approvalsNeeded: number;
  cancelWindowSeconds: number;
  countToType: { name: string; count: number };
  /** What the reader may do with it, with the reason where not. */
  may: { run: Allowed; approve: Allowed; discard: Allowed };
  run: RunView | null;
  /** The run noted results one by one. */
  hasItems: boolean;
}

type Allowed = { allowed: true } | { allowed: false; reason: string };

/** Everything the review screen and the run view show of one plan. */
export async function getPlan(
  { db, planKinds, now }: Pick<Deps, "db" | "planKinds" | "now">,
  actor: Actor,
  { id }: PlanId,
): Promise<PlanView> {
  requirePermission(actor, "console:view");
  const plan = await getStoredPlan(db, id);
  const [run] = await db.select().from(runs).where(eq(runs.planId, id));
  const approvals = await db
    .select({ by: planApprovals.approverName, reason: planApprovals.reason, at: planApprovals.at })
    .from(planApprovals)
    .where(eq(planApprovals.planId, id))
    .orderBy(asc(planApprovals.at));
  const items = run
    ? await db.select({ at: runItems.position }).from(runItems).where(eq(runItems.runId, run.id)).limit(1)
    : [];
  const kind = planKinds.get(plan.kind);
  const unknownKind: Allowed = {
    allowed: false,
    reason: `This version of Headgate does not know plans of the kind ${plan.kind}`,
  };
  return {
    id,
    state: activityState(plan, run, now()),
    draft: plan.frozen,
    fingerprint: plan.fingerprint,
    untouched: isUntouched(plan),
    author: { id: plan.authorId, name: plan.authorName },
    proposedAt: plan.proposedAt,
    expiresAt: plan.expiresAt,
    approvals,
    approvalsNeeded: approvalsNeeded(plan.level),
    cancelWindowSeconds: cancelWindowSeconds(plan.level),
    countToType: countToType(plan.frozen),
    may: {
      run: kind ? permitted(actor, kind.permission) : unknownKind,
      approve: kind
        ? judgeApprover(actor, { authorId: plan.authorId, approvePermission: kind.approvePermission })
        : unknownKind,
      discard: plan.authorId === actor.id ? { allowed: true } : permitted(actor, "plans:approve"),
    },
    run: run ? await runView(db, run, plan.frozen.steps) : null,
    hasItems: items.length > 0,
  };
}

function permitted(actor: Actor, permission: Permission): Allowed {
  if (hasPermission(actor, permission)) return { allowed: true };
  return { allowed: false, reason: `Needs one of these roles: ${rolesWith(permission).join(", ")}` };
}
