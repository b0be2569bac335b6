import { eq, inArray } from "drizzle-orm";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { formatDuration } from "#domain/format/durations.ts";
import { formatBytes, formatCount } from "#domain/format/numbers.ts";
import { FirstCheckStep } from "#domain/reconciliation/plan-steps.ts";
import type { RunEstimate } from "#domain/reconciliation/run.ts";
import type { StartCheckInput } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import type { PlanKind, Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { estimateTable } from "./estimate-table.ts";
import { selectTables } from "./list-checked-tables.ts";
import { findOpenCheck, queueCheck } from "./queue-check.ts";
import { subjectOf } from "./start-check.ts";
import { obstacleOf, requireCheckedTable } from "./stored-table.ts";

/** Freezes which tables are read whole, with what that is expected to cost. */
export async function proposeCheck(
  deps: Pick<Deps, "db" | "planKinds" | "now" | "vault">,
  actor: Actor,
  { tables: selection }: StartCheckInput,
): Promise<{ planId: string; estimates: Record<string, RunEstimate> }> {
  requirePermission(actor, "reconciliation:run");
  const chosen = await selectTables(deps, selection);
  const tables = await Promise.all(chosen.map(({ id }) => requireCheckedTable(deps.db, id)));
  const stuck = tables.find((table) => obstacleOf(table) !== null);
  if (stuck) throw new AppError("precondition_failed", `${stuck.name}: ${obstacleOf(stuck)}`);
  const estimates: Record<string, RunEstimate> = {};
  for (const table of tables) estimates[String(table.id)] = await estimateTable(deps, table);
  const all = Object.values(estimates);
  const rows = all.reduce((sum, estimate) => sum + Math.round(estimate.rows), 0);
  const seconds = all.reduce((sum, estimate) => sum + estimate.seconds, 0);
  const bytes = all.reduce((sum, estimate) => sum + estimate.bytes, 0);
  const [only] = tables;
  const { id: planId } = await proposePlan(deps, actor, {
    kind: "reconciliation.check",
    title:
      tables.length === 1 && only
        ? `Check every row of ${only.name}`
        : `Check every row of ${tables.length} tables`,
    subject: subjectOf(tables),
    level: 1,
    counts: { tables: tables.length, rows },
    confirmCount: "tables",
    locks: tables.map(({ id }) => `reconciliation-check:${id}`),
    consequences: [
      {
        severity: "info",
        text: `Reads about ${formatCount(rows)} rows at both ends, which takes about ${formatDuration(seconds * 1000)} of one processor at each; about ${formatBytes(bytes)} travel`,
      },
      {
        severity: "info",
        text: "The estimate comes from the databases' own statistics and can be off by half; the run shows the real cost",
      },
      ...tables
        .filter(({ settings }) => settings.throttle.rowsPerSecond === null)
        .slice(0, 1)
        .map(() => ({
          severity: "warning" as const,
          text: "No limit of rows a second is set, so the source is read as fast as it answers, one statement at a time",
        })),
    ],
    steps: [
      {
        key: "check",
        title: "Queue the checks",
        input: {
          tableIds: tables.map(({ id }) => id),
          estimates: Object.fromEntries(
            Object.entries(estimates).map(([id, estimate]) => [id, { ...estimate }]),
          ),
        },
      },
    ],
  });
  return { planId, estimates };
}

/** Begins checks whose cost a person has seen. */
export const checkPlanKind: PlanKind = {
  kind: "reconciliation.check",
  permission: "reconciliation:run",
  approvePermission: "reconciliation:run",
  runStep: (context, step) => queueAll(context, FirstCheckStep.parse(step.input)),
  settleStep: (context, step) => settle(context, FirstCheckStep.parse(step.input)),
};

async function queueAll({ deps, actor }: StepContext, step: FirstCheckStep): Promise<StepOutcome> {
  await deps.jobs.ready();
  const runs = await deps.db.transaction(async (tx) => {
    const queued: string[] = [];
    for (const id of step.tableIds) {
      const table = await requireCheckedTable(tx, id);
      await tx
        .update(reconciliationTables)
        .set({ firstRunApprovedAt: table.firstRunApprovedAt ?? deps.now(), heldBecause: null })
        .where(eq(reconciliationTables.id, id));
      const estimate = step.estimates[String(id)];
      const run = await queueCheck(tx, deps, {
        table,
        scope: "full",
        trigger: "demand",
        by: actor,
        estimate,
      });
      const runId = run ?? (await findOpenCheck(tx, id));
      if (runId) queued.push(runId);
    }
    return queued;
  });
  return {
    state: "succeeded",
    message: runs.length === 1 ? "The check is queued" : `${runs.length} checks are queued`,
    detail: { runs: runs.slice(0, 100) },
  };
}

/** Queued in one transaction: either every table is approved or none is. */
async function settle({ deps }: StepContext, step: FirstCheckStep): Promise<Settlement> {
  const tables = await deps.db
    .select({ approved: reconciliationTables.firstRunApprovedAt })
    .from(reconciliationTables)
    .where(inArray(reconciliationTables.id, step.tableIds));
  const open = await Promise.all(step.tableIds.map((id) => findOpenCheck(deps.db, id)));
  const isDone = tables.every(({ approved }) => approved !== null) && open.every((run) => run !== undefined);
  return isDone ? { state: "succeeded", message: "The checks were queued" } : { state: "not_done" };
}
