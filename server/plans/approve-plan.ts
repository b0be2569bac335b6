import { eq } from "drizzle-orm";
import { planApprovals, plans } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { approvalsNeeded, judgeApprover } from "#domain/plans/approval.ts";
import { effectiveStatus } from "#domain/plans/expiry.ts";
import type { ApprovePlanInput } from "#domain/plans/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { auditRefusal } from "./audit-refusal.ts";
import { kindOfPlan } from "./kind-of-plan.ts";
import { getStoredPlan, lockStoredPlan, requireUntouched } from "./stored-plan.ts";

/** The second person's yes. A plan that needs none cannot be approved; approving twice changes nothing. */
export async function approvePlan(
  { db, planKinds, now }: Pick<Deps, "db" | "planKinds" | "now">,
  actor: Actor,
  { id, reason }: ApprovePlanInput,
): Promise<void> {
  requirePermission(actor, "console:view");
  const { kind, subject } = await getStoredPlan(db, id);
  const act = { action: "plan.approve", subject: { ...subject, plan: id }, detail: { reason } };
  await auditRefusal(db, actor, act, () =>
    db.transaction(async (tx) => {
      const plan = await lockStoredPlan(tx, id);
      const { approvePermission } = kindOfPlan(planKinds, kind);
      const verdict = judgeApprover(actor, { authorId: plan.authorId, approvePermission });
      if (!verdict.allowed) throw new AppError("forbidden", verdict.reason);
      if (approvalsNeeded(plan.level) === 0)
        throw new AppError("conflict", "This plan needs no second person");
      const status = effectiveStatus(plan, now());
      if (status !== "proposed" && status !== "approved")
        throw new AppError("conflict", `This plan can no longer be approved: it is ${status}`);
      requireUntouched(plan);
      const added = await tx
        .insert(planApprovals)
        .values({ planId: id, approverId: actor.id, approverName: actor.name, reason, at: now() })
        .onConflictDoNothing()
        .returning({ planId: planApprovals.planId });
      if (added.length === 0) return;
      await tx.update(plans).set({ status: "approved" }).where(eq(plans.id, id));
      await notifyChange(tx, "plans", id);
      await appendAudit(tx, actor, {
        ...act,
        outcome: "succeeded",
        detail: { reason, fingerprint: plan.fingerprint },
      });
    }),
  );
}
