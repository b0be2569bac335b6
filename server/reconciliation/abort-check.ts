import { eq } from "drizzle-orm";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { CheckRunId } from "#domain/reconciliation/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { requireCheckedTable } from "./stored-table.ts";

/** Stops a run: at once while it waits, else as soon as its worker hears of it. What it confirmed until then stays. */
export async function abortCheck(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id }: CheckRunId,
): Promise<void> {
  requirePermission(actor, "reconciliation:run");
  await db.transaction(async (tx) => {
    const [run] = await tx
      .select()
      .from(reconciliationRuns)
      .where(eq(reconciliationRuns.id, id))
      .for("update");
    if (!run) throw new AppError("not_found", "There is no such reconciliation run");
    if (run.state !== "QUEUED" && run.state !== "RUNNING")
      throw new AppError("conflict", `This run has ended already: ${run.state}`);
    if (run.trigger === "repair")
      throw new AppError("conflict", "This check belongs to a repair; abort the repair's run instead");
    const table = await requireCheckedTable(tx, run.tableId);
    const ended =
      run.state === "QUEUED"
        ? {
            state: "FAILED" as const,
            endedAt: now(),
            failedAt: "aborted" as const,
            message: `Aborted by ${actor.name} before it began`,
          }
        : {};
    await tx
      .update(reconciliationRuns)
      .set({ abortedBy: actor, ...ended })
      .where(eq(reconciliationRuns.id, id));
    await notifyChange(tx, "reconciliation", `run/${id}`);
    await appendAudit(tx, actor, {
      action: "reconciliation.abort",
      subject: { cluster: table.cluster, pipeline: table.source, table: table.name, run: id },
      outcome: "succeeded",
    });
  });
}
