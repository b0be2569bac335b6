import { eq } from "drizzle-orm";
import { plans } from "#db/schema/plans.ts";
import { type Actor, hasPermission, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { effectiveStatus } from "#domain/plans/expiry.ts";
import type { DiscardPlanInput } from "#domain/plans/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { auditRefusal } from "./audit-refusal.ts";
import { getStoredPlan, lockStoredPlan } from "./stored-plan.ts";

/** Puts a plan away for good. Its author may, and everybody who could have said no to it. */
export async function discardPlan(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id, reason }: DiscardPlanInput,
): Promise<void> {
  requirePermission(actor, "console:view");
  const { subject } = await getStoredPlan(db, id);
  const act = { action: "plan.discard", subject: { ...subject, plan: id }, detail: { reason } };
  await auditRefusal(db, actor, act, () =>
    db.transaction(async (tx) => {
      const plan = await lockStoredPlan(tx, id);
      if (plan.authorId !== actor.id && !hasPermission(actor, "plans:approve"))
        throw new AppError(
          "forbidden",
          `Only ${plan.authorName} or somebody who approves plans can discard this`,
        );
      const status = effectiveStatus(plan, now());
      if (status === "discarded") return;
      if (status !== "proposed" && status !== "approved")
        throw new AppError("conflict", `This plan can no longer be discarded: it is ${status}`);
      await tx.update(plans).set({ status: "discarded" }).where(eq(plans.id, id));
      await notifyChange(tx, "plans", id);
      await appendAudit(tx, actor, { ...act, outcome: "succeeded" });
    }),
  );
}
