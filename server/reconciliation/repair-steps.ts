import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { and, eq, inArray, isNull, lt, or, sql } from "drizzle-orm";
import {
  reconciliationDiscrepancies,
  reconciliationRepairItems,
  reconciliationRuns,
} from "#db/schema/reconciliation.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import { RepairStep } from "#domain/reconciliation/plan-steps.ts";
import { shownKey } from "#domain/reconciliation/shown-key.ts";
import { type RowKey as RereadKey, rowKeyText } from "#domain/reread/row-filter.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import type { PlanKind, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { findRereadSource } from "#server/reread/find-reread-source.ts";
import { rereadRows } from "#server/reread/reread-rows.ts";
import { NO_LEASE } from "./check-lease.ts";
import { executeCheck } from "./execute-check.ts";
import { requireCheckedTable, type StoredTable } from "./stored-table.ts";
import { writeRows } from "./write-rows.ts";

/** Repairs differing rows and looks at them again. Both steps can be done twice without harm. */
export const repairPlanKind: PlanKind = {
  kind: "reconciliation.repair",
  permission: "reconciliation:repair",
  approvePermission: "reconciliation:repair",
  runStep: async (context, step) => {
    const input = RepairStep.parse(step.input);
    const table = await requireCheckedTable(context.deps.db, input.tableId);
    const items = await readItems(context, input.repairId);
    if (input.do === "check") return checkAgain(context, table, items);
    return input.method === "reread" ? reread(context, table, items) : writeRows(context, table, items);
  },
  settleStep: () => Promise.resolve({ state: "not_done" }),
};

export type RepairItem = Awaited<ReturnType<typeof readItems>>[number];

function readItems({ deps }: Pick<StepContext, "deps">, repairId: string) {
  return deps.db
    .select({
      position: reconciliationRepairItems.position,
      discrepancyId: reconciliationRepairItems.discrepancyId,
      type: reconciliationRepairItems.type,
      targetHash: reconciliationRepairItems.targetHash,
      key: reconciliationDiscrepancies.key,
      keyText: reconciliationDiscrepancies.keyText,
      engineKey: reconciliationDiscrepancies.engineKey,
      state: reconciliationDiscrepancies.state,
    })
    .from(reconciliationRepairItems)
    .innerJoin(
      reconciliationDiscrepancies,
      eq(reconciliationDiscrepancies.id, reconciliationRepairItems.discrepancyId),
    )
    .where(eq(reconciliationRepairItems.repairId, repairId))
    .orderBy(reconciliationRepairItems.position);
}

async function reread(
  context: StepContext,
  table: StoredTable,
  items: readonly RepairItem[],
): Promise<StepOutcome> {
  const { deps, actor, signal } = context;
  const source = await findRereadSource(deps, { cluster: table.cluster, topic: table.topic });
  const open = items.filter(({ state }) => state === "open");
  const keys = open.map(({ key }) => rereadKey(key));
  const { arrived, missing, isComplete } = await rereadRows(deps, actor, source, keys, {
    signal,
    onProgress: (done) => context.progress(done, keys.length, "Waiting for the rows in the topic"),
  });
  const came = new Set(arrived.map(({ key }) => rowKeyText(key)));
  await context.recordItems(
    open.map(
      (item): RunItem => ({
        position: item.position,
        key: shownKey(item),
        ...(came.has(rowKeyText(rereadKey(item.key)))
          ? { state: "succeeded", message: "Sent again by the source" }
          : {
              state: "failed",
              message: isComplete
                ? "The source does not have this row any more"
                : "The source has not sent this row in time",
            }),
      }),
    ),
  );
  if (arrived.length === 0 && keys.length > 0)
    return { state: "failed", message: "The source sent none of the rows" };
  const left = missing.length > 0 ? `; ${missing.length} did not come` : "";
  return {
    state: "succeeded",
    message: `${formatCounted(arrived.length, "row")} ${arrived.length === 1 ? "was" : "were"} read again${left}`,
  };
}

function rereadKey(key: RepairItem["key"]): RereadKey {
  return Object.fromEntries(
    Object.entries(key).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}

const LOOK_EVERY_MS = 500;

/** Compares exactly the repaired rows, once the target has what the source had. */
async function checkAgain(
  context: StepContext,
  table: StoredTable,
  items: readonly RepairItem[],
): Promise<StepOutcome> {
  const { deps, actor, signal } = context;
  await endLeftovers(context, table.id);
  const id = randomUUID();
  await deps.db.insert(reconciliationRuns).values({
    id,
    tableId: table.id,
    scope: "keys",
    method: "checksum",
    trigger: "repair",
    state: "QUEUED",
    requestedBy: actor,
    keys: items.map(({ engineKey }) => engineKey),
    queuedAt: deps.now(),
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      const end = await executeCheck(deps, id, { worker: `plan run ${context.runId}`, stopping: signal });
      if (end === "COMPLETED" || end === "FAILED") break;
      // Its source has enough runs at the moment.
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    await endAborted(context, id);
    throw signal.reason;
  }
  const [run] = await deps.db.select().from(reconciliationRuns).where(eq(reconciliationRuns.id, id));
  const detail = { reconciliationRun: id };
  if (run?.state !== "COMPLETED" || run.isVerified !== true)
    return {
      state: "failed",
      message: `The rows could not be checked again: ${run?.message ?? "no reason"}`,
      detail,
    };
  const now = await readStates(
    context,
    items.map(({ discrepancyId }) => discrepancyId),
  );
  const results = items.map((item): RunItem => {
    const state = now.get(item.discrepancyId);
    const base = { position: item.position, key: shownKey(item) };
    if (state === "repaired" || state === "resolved")
      return { ...base, state: "succeeded", message: "Equal at both ends" };
    return { ...base, state: "failed", message: "Still differs after the repair" };
  });
  await context.recordItems(results);
  const equal = results.filter(({ state }) => state === "succeeded").length;
  return {
    state: equal === 0 && results.length > 0 ? "failed" : "succeeded",
    message: `${equal} of ${formatCounted(results.length, "row")} ${equal === 1 ? "is" : "are"} equal now`,
    detail,
  };
}

async function readStates({ deps }: StepContext, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await deps.db
    .select({ id: reconciliationDiscrepancies.id, state: reconciliationDiscrepancies.state })
    .from(reconciliationDiscrepancies)
    .where(inArray(reconciliationDiscrepancies.id, [...ids]));
  return new Map(rows.map(({ id, state }) => [id, state]));
}

/** Nobody else takes a repair's check up: without its repair it would stay open for ever. */
async function endAborted({ deps }: StepContext, id: string): Promise<void> {
  const [ended] = await deps.db
    .update(reconciliationRuns)
    .set({
      state: "FAILED",
      failedAt: "aborted",
      endedAt: deps.now(),
      message: "The repair's run ended before its check did",
      ...NO_LEASE,
    })
    .where(and(eq(reconciliationRuns.id, id), inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"])))
    .returning({ tableId: reconciliationRuns.tableId });
  if (ended) await notifyChange(deps.db, "reconciliation", `table/${ended.tableId}`);
}

/** A check whose plan's worker died is done anew; the old one is told to have ended. */
async function endLeftovers({ deps }: StepContext, tableId: number): Promise<void> {
  await deps.db
    .update(reconciliationRuns)
    .set({
      state: "FAILED",
      failedAt: "headgate",
      endedAt: deps.now(),
      message: "Its worker ended; the repair checked again",
    })
    .where(
      and(
        eq(reconciliationRuns.tableId, tableId),
        eq(reconciliationRuns.scope, "keys"),
        eq(reconciliationRuns.trigger, "repair"),
        inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"]),
        or(isNull(reconciliationRuns.leaseUntil), lt(reconciliationRuns.leaseUntil, sql`now()`)),
      ),
    );
}
