import { randomUUID } from "node:crypto";
import { reconciliationRepairItems } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { Consequence, DangerLevel } from "#domain/plans/schema.ts";
import type { ProposeRepairInput, RepairMethod } from "#domain/reconciliation/schema.ts";
import { requireDatabase } from "#server/databases/registered-database.ts";
import type { Deps } from "#server/deps.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { findRereadSource } from "#server/reread/find-reread-source.ts";
import { selectDiscrepancies } from "./list-discrepancies.ts";
import { obstacleOf, requireCheckedTable, type StoredTable } from "./stored-table.ts";

/** A repair larger than this is a new snapshot of the table. */
const MOST_ROWS = 10_000;
const CONFIRMED_BY_DIALOG = 100;

type Row = Awaited<ReturnType<typeof selectDiscrepancies>>[number];

export interface ProposedRepair {
  planId: string;
  repairId: string;
  counts: { rows: number; upserts: number; deletes: number; leftOut: number };
}

/** Freezes which rows are repaired, how, and what the target held then. */
export async function proposeRepair(
  deps: Pick<Deps, "db" | "planKinds" | "now" | "connect" | "cluster">,
  actor: Actor,
  { selection, method }: ProposeRepairInput,
): Promise<ProposedRepair> {
  requirePermission(actor, "reconciliation:repair");
  const chosen = await selectDiscrepancies(deps, selection, ["open"], MOST_ROWS);
  const tableIds = new Set(chosen.map(({ tableId }) => tableId));
  const [tableId = 0] = tableIds;
  if (tableIds.size > 1) throw new AppError("invalid", "A repair is about one table; choose rows of one");
  const table = await requireCheckedTable(deps.db, tableId);
  const obstacle = obstacleOf(table);
  if (obstacle !== null) throw new AppError("precondition_failed", obstacle);
  if (chosen.some(({ key }) => "row_hash" in key))
    throw new AppError("precondition_failed", "Rows of a table without a key cannot be repaired one by one");
  const rows = await repairable(deps, table, chosen, method);
  const deletes = rows.filter(({ type }) => type === "missing_in_source").length;
  const counts = {
    rows: rows.length,
    upserts: rows.length - deletes,
    deletes,
    leftOut: chosen.length - rows.length,
  };
  const repairId = randomUUID();
  await deps.db.transaction(async (tx) => {
    for (let from = 0; from < rows.length; from += 1_000)
      await tx.insert(reconciliationRepairItems).values(
        rows.slice(from, from + 1_000).map((row, index) => ({
          repairId,
          position: from + index,
          discrepancyId: row.id,
          tableId,
          type: row.type,
          targetHash: row.targetHash,
        })),
      );
  });
  const level = levelOf(method, counts);
  const input = { repairId, method, tableId };
  const { id: planId } = await proposePlan(deps, actor, {
    kind: "reconciliation.repair",
    title: `Repair ${formatCounted(rows.length, "row")} of ${table.name}`,
    subject: { cluster: table.cluster, pipeline: table.source, table: table.name, repair: repairId },
    level,
    ...(level === 3 ? { confirmName: table.target ?? table.name } : {}),
    counts: {
      rows: counts.rows,
      ...(deletes > 0 ? { deletes } : {}),
      ...(counts.leftOut > 0 ? { "left out": counts.leftOut } : {}),
    },
    confirmCount: "rows",
    locks: [`reconciliation:${tableId}`],
    consequences: consequencesOf(table, method, counts),
    steps: [
      {
        key: "repair",
        title: method === "reread" ? "Read the rows again from the source" : "Write the rows on the target",
        input: { do: "repair", ...input },
      },
      { key: "check", title: "Check exactly these rows again", input: { do: "check", ...input } },
    ],
  });
  return { planId, repairId, counts };
}

/** Refuses early what could not work, naming what is missing. */
async function repairable(
  deps: Pick<Deps, "db" | "connect" | "cluster">,
  table: StoredTable,
  rows: readonly Row[],
  method: RepairMethod,
): Promise<readonly Row[]> {
  if (method === "reread") {
    const there = rows.filter(({ type }) => type !== "missing_in_source");
    if (there.length === 0)
      throw new AppError(
        "precondition_failed",
        "The source does not have these rows, so it cannot send them; deleting them takes a repair on the target",
      );
    await findRereadSource(deps, { cluster: table.cluster, topic: table.topic });
    return there;
  }
  const target = await requireDatabase(deps.db, table.targetDatabaseId ?? "");
  if (target.engine !== "postgresql")
    throw new AppError(
      "precondition_failed",
      "Rows can be written on PostgreSQL only; read them again instead",
    );
  if (!target.changeUserRef || !target.changePasswordRef)
    throw new AppError(
      "precondition_failed",
      `${target.name} is registered without a change credential, so nothing can be written there`,
    );
  return rows;
}

function levelOf(method: RepairMethod, { rows, deletes }: ProposedRepair["counts"]): DangerLevel {
  if (deletes > 0) return 3;
  return method === "write" || rows > CONFIRMED_BY_DIALOG ? 2 : 1;
}

function consequencesOf(
  table: StoredTable,
  method: RepairMethod,
  { upserts, deletes, leftOut }: ProposedRepair["counts"],
): Consequence[] {
  const all: Consequence[] = [];
  if (method === "reread")
    all.push({
      severity: "info",
      text: `${table.source} reads ${formatCounted(upserts, "row")} again and sends them through ${table.topic}; every sink of that topic gets them, in order with live changes`,
    });
  else {
    if (upserts > 0)
      all.push({
        severity: "warning",
        text: `${formatCounted(upserts, "row")} are written on ${table.target} with the source's values of the compared columns: insert … on conflict do nothing, or update … where the key matches and the row is as it was when it was checked`,
      });
    if (deletes > 0)
      all.push({
        severity: "danger",
        text: `${formatCounted(deletes, "row")} are deleted from ${table.target}, each only if the source still does not have it and the row is as it was when it was checked`,
      });
  }
  if (leftOut > 0)
    all.push({
      severity: "warning",
      text: `${formatCounted(leftOut, "row")} are left out: the source does not have them, so it cannot send them`,
    });
  all.push({
    severity: "info",
    text: "Afterwards exactly these rows are compared again; a row counts as repaired only if both ends are equal then",
  });
  return all;
}
