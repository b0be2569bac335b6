import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { planApprovals, plans, runSteps, runs } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { approvalsNeeded, cancelWindowSeconds, confirmationProblems } from "#domain/plans/approval.ts";
import { effectiveStatus } from "#domain/plans/expiry.ts";
import type { StartRunInput } from "#domain/plans/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { auditRefusal } from "./audit-refusal.ts";
import { kindOfPlan } from "./kind-of-plan.ts";
import { takeRunLocks } from "./run-locks.ts";
import { getStoredPlan, lockStoredPlan, requireUntouched, type StoredPlan } from "./stored-plan.ts";

/** Queues the one run of a plan. The same person asking again gets the same run: a double click starts it once. */
export async function startRun(
  { db, planKinds, jobs, now }: Pick<Deps, "db" | "planKinds" | "jobs" | "now">,
  actor: Actor,
  { planId, confirmation }: StartRunInput,
): Promise<{ runId: string }> {
  requirePermission(actor, "console:view");
  const { kind, subject: about } = await getStoredPlan(db, planId);
  const subject = { ...about, plan: planId };
  const detail = { reason: confirmation.reason };
  await jobs.ready();
  return auditRefusal(db, actor, { action: "plan.run", subject, detail }, () =>
    db.transaction(async (tx) => {
      requirePermission(actor, kindOfPlan(planKinds, kind).permission);
      const plan = await lockStoredPlan(tx, planId);
      const known = await findRunOf(tx, planId);
      if (known) {
        if (known.startedBy.id === actor.id) return { runId: known.id };
        throw new AppError("conflict", `${known.startedBy.name} already started this plan`);
      }
      await requireStartable(tx, plan, now());
      const problems = confirmationProblems(plan.frozen, confirmation);
      if (problems.length > 0)
        throw new AppError("invalid", problems.map((problem) => problem.message).join(". "), { problems });
      const runId = randomUUID();
      const windowSeconds = cancelWindowSeconds(plan.level);
      const auditActId = randomUUID();
      await tx.insert(runs).values({
        id: runId,
        planId,
        state: "queued",
        startedBy: actor,
        confirmation,
        auditActId,
        queuedAt: sql`now()`,
        notBefore: sql`now() + ${windowSeconds} * interval '1 second'`,
      });
      await tx
        .insert(runSteps)
        .values(plan.frozen.steps.map((_, position) => ({ runId, position, state: "waiting" as const })));
      await takeRunLocks(tx, runId, plan.frozen);
      await tx.update(plans).set({ status: "running" }).where(eq(plans.id, planId));
      // A delayed job wakes nobody when its time comes; the recovery loop queues the run then.
      if (windowSeconds === 0) await jobs.send(tx, "plan-run", { runId }, { singletonKey: runId });
      await notifyChange(tx, "plans", planId);
      await appendAudit(tx, actor, {
        actId: auditActId,
        action: "plan.run",
        subject,
        outcome: "pending",
        detail: { ...detail, run: runId, title: plan.title, fingerprint: plan.fingerprint },
      });
      return { runId };
    }),
  );
}

async function findRunOf(tx: DbOrTx, planId: string) {
  const [run] = await tx
    .select({ id: runs.id, startedBy: runs.startedBy })
    .from(runs)
    .where(eq(runs.planId, planId));
  return run;
}

async function requireStartable(tx: DbOrTx, plan: StoredPlan, at: Date): Promise<void> {
  const status = effectiveStatus(plan, at);
  if (status === "expired")
    throw new AppError(
      "precondition_failed",
      `This plan expired at ${plan.expiresAt.toISOString()}: what it describes may have changed. Propose it again`,
    );
  if (status !== "proposed" && status !== "approved")
    throw new AppError("conflict", `This plan cannot be started: it is ${status}`);
  requireUntouched(plan);
  const approvals = await tx
    .select({ by: planApprovals.approverId })
    .from(planApprovals)
    .where(eq(planApprovals.planId, plan.id));
  const others = approvals.filter((approval) => approval.by !== plan.authorId);
  if (others.length < approvalsNeeded(plan.level))
    throw new AppError(
      "precondition_failed",
      "A second person has to approve this plan before it can be started",
    );
}
