import { randomUUID } from "node:crypto";
import { eq, sql } from "drizzle-orm";
import { plans, runs } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { isResumable } from "#domain/plans/run-state.ts";
import type { RunId } from "#domain/plans/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { auditRefusal } from "./audit-refusal.ts";
import { kindOfPlan } from "./kind-of-plan.ts";
import { takeRunLocks } from "./run-locks.ts";
import { requireUntouched } from "./stored-plan.ts";
import { getStoredRun, lockStoredRun } from "./stored-run.ts";

/** Goes on from the first step that did not succeed; what an earlier attempt did is looked up in the engine first. */
export async function resumeRun(
  { db, planKinds, jobs }: Pick<Deps, "db" | "planKinds" | "jobs">,
  actor: Actor,
  { id }: RunId,
): Promise<void> {
  requirePermission(actor, "console:view");
  const { plan } = await getStoredRun(db, id);
  const act = { action: "plan.resume", subject: { ...plan.subject, plan: plan.id }, detail: { run: id } };
  await jobs.ready();
  await auditRefusal(db, actor, act, () =>
    db.transaction(async (tx) => {
      requirePermission(actor, kindOfPlan(planKinds, plan.kind).permission);
      const run = await lockStoredRun(tx, id);
      if (run.state === "queued" || run.state === "running") return;
      if (!isResumable(run.state))
        throw new AppError("conflict", `This run cannot go on: it is ${run.state.replace("_", " ")}`);
      requireUntouched(plan);
      await takeRunLocks(tx, id, plan.frozen);
      const auditActId = randomUUID();
      await tx
        .update(runs)
        .set({
          state: "queued",
          message: null,
          endedAt: null,
          startedBy: actor,
          auditActId,
          queuedAt: sql`now()`,
          notBefore: sql`now()`,
        })
        .where(eq(runs.id, id));
      await tx.update(plans).set({ status: "running" }).where(eq(plans.id, plan.id));
      await jobs.send(tx, "plan-run", { runId: id }, { singletonKey: id });
      await notifyChange(tx, "plans", plan.id);
      await appendAudit(tx, actor, { ...act, actId: auditActId, outcome: "pending" });
    }),
  );
}
