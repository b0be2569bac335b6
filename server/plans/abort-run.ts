import { and, eq } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { plans, runSteps, runs } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { RunId } from "#domain/plans/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { auditRefusal } from "./audit-refusal.ts";
import { closeRunAudit } from "./close-run-audit.ts";
import { kindOfPlan } from "./kind-of-plan.ts";
import { releaseRunLocks } from "./run-locks.ts";
import { getStoredRun, lockStoredRun, type StoredRun } from "./stored-run.ts";

/** A run that nobody works on ends at once; a running one is told, finishes the item at hand and then ends. */
export async function abortRun(
  { db, planKinds, now }: Pick<Deps, "db" | "planKinds" | "now">,
  actor: Actor,
  { id }: RunId,
): Promise<void> {
  requirePermission(actor, "console:view");
  const { plan } = await getStoredRun(db, id);
  const act = { action: "plan.abort", subject: { ...plan.subject, plan: plan.id }, detail: { run: id } };
  await auditRefusal(db, actor, act, () =>
    db.transaction(async (tx) => {
      requirePermission(actor, kindOfPlan(planKinds, plan.kind).permission);
      const run = await lockStoredRun(tx, id);
      if (run.state === "aborting" || run.state === "aborted") return;
      if (run.state === "queued" || run.state === "needs_attention") await endNow(tx, actor, run, now());
      else if (run.state === "running")
        await tx.update(runs).set({ state: "aborting", abortedBy: actor }).where(eq(runs.id, id));
      else throw new AppError("conflict", `There is nothing to abort: the run ${run.state}`);
      await notifyChange(tx, "plans", plan.id);
      await appendAudit(tx, actor, { ...act, outcome: "succeeded" });
    }),
  );
}

async function endNow(tx: DbOrTx, actor: Actor, run: StoredRun, at: Date): Promise<void> {
  const unsure = run.state === "needs_attention";
  const message = unsure
    ? `Given up by ${actor.name}; ${run.message ?? "where the last step stands is not known"}`
    : `Aborted by ${actor.name} before it ${run.startedAt ? "went on" : "began"}`;
  await tx
    .update(runs)
    .set({ state: "aborted", abortedBy: actor, endedAt: at, message })
    .where(eq(runs.id, run.id));
  await tx
    .update(runSteps)
    .set({ state: "skipped", message: "Not done: the run was aborted" })
    .where(and(eq(runSteps.runId, run.id), eq(runSteps.state, "waiting")));
  await tx.update(plans).set({ status: "aborted" }).where(eq(plans.id, run.planId));
  await releaseRunLocks(tx, run.id);
  if (unsure) return;
  await closeRunAudit(tx, run, actor, "failed", { run: run.id, state: "aborted", message });
}
