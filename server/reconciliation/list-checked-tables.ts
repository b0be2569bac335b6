import { and, eq, inArray, isNull } from "drizzle-orm";
import { reconciliationRuns, reconciliationTables } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type FilterToken, parseFilter, satisfies } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import { type DriftAlert, driftAlerts } from "#domain/reconciliation/alerts.ts";
import { unexplainedRows } from "#domain/reconciliation/drift.ts";
import { CHECKED_TABLE_FILTER } from "#domain/reconciliation/filter.ts";
import type { RunProgress } from "#domain/reconciliation/run.ts";
import {
  type CheckMethod,
  type CheckScope,
  type ReconciliationState,
  TABLE_STATES,
  type TableSelection,
  type TableSettings,
} from "#domain/reconciliation/schema.ts";
import { type TableVerdict, tableVerdict } from "#domain/reconciliation/table-state.ts";
import type { Deps } from "#server/deps.ts";
import { applyFilter, contains, pageOf } from "#server/pipelines/filter-rows.ts";
import { type DriftHours, readDriftHours } from "./read-drift-hours.ts";
import { obstacleOf, type StoredTable } from "./stored-table.ts";

export interface CheckedTableRow {
  id: number;
  cluster: string;
  pipeline: string;
  table: string;
  sink: string;
  target: string | null;
  verdict: TableVerdict;
  alerts: DriftAlert[];
  method: CheckMethod;
  settings: TableSettings;
  version: number;
  openUnexplained: number;
  openExplained: number;
  ignored: number;
  sourceRows: number | null;
  targetRows: number | null;
  comparedRows: number | null;
  /** When rows were last really compared, and up to where in the source's log. */
  verifiedAt: Date | null;
  verifiedThrough: string | null;
  nextRunAt: Date | null;
  nextFullAt: Date | null;
  heldBecause: string | null;
  running: {
    id: string;
    state: ReconciliationState;
    scope: CheckScope;
    progress: RunProgress | null;
    startedAt: Date | null;
  } | null;
  last: {
    id: string;
    state: ReconciliationState;
    isVerified: boolean | null;
    endedAt: Date;
    coverage: number | null;
    message: string | null;
  } | null;
}

export interface ListedTable extends CheckedTableRow {
  hours: DriftHours;
}

/** Checked tables of all pipelines, worst first unless sorted otherwise. */
export async function listCheckedTables(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  input: ListInput,
): Promise<ListPage<ListedTable>> {
  requirePermission(actor, "console:view");
  const found = filterTables(await readCheckedTables(deps), input.filter, deps.now());
  const { rows, total } = pageOf(found.sort(comparison(input.sort)), input);
  const hours = await readDriftHours(
    deps,
    rows.map(({ id }) => id),
  );
  return { rows: rows.map((row) => ({ ...row, hours: hours.get(row.id) ?? [] })), total };
}

/** Tables that still belong to a pipeline, judged now. */
export async function readCheckedTables(
  { db, now }: Pick<Deps, "db" | "now">,
  only?: readonly number[],
): Promise<CheckedTableRow[]> {
  const tables = await db
    .select()
    .from(reconciliationTables)
    .where(only ? inArray(reconciliationTables.id, [...only]) : isNull(reconciliationTables.goneAt));
  const lastIds = tables.flatMap(({ lastRunId }) => lastRunId ?? []);
  const open = inArray(reconciliationRuns.state, ["QUEUED", "RUNNING"]);
  const [last, running] = await Promise.all([
    lastIds.length === 0
      ? []
      : db
          .select({
            id: reconciliationRuns.id,
            tableId: reconciliationRuns.tableId,
            state: reconciliationRuns.state,
            isVerified: reconciliationRuns.isVerified,
            endedAt: reconciliationRuns.endedAt,
            coverage: reconciliationRuns.coverage,
            message: reconciliationRuns.message,
          })
          .from(reconciliationRuns)
          .where(inArray(reconciliationRuns.id, lastIds)),
    db
      .select({
        id: reconciliationRuns.id,
        tableId: reconciliationRuns.tableId,
        state: reconciliationRuns.state,
        scope: reconciliationRuns.scope,
        progress: reconciliationRuns.progress,
        startedAt: reconciliationRuns.startedAt,
      })
      .from(reconciliationRuns)
      .where(
        only?.length === 1 && only[0] !== undefined
          ? and(open, eq(reconciliationRuns.tableId, only[0]))
          : open,
      ),
  ]);
  const lastOf = new Map(last.map(({ tableId, ...run }) => [tableId, run]));
  const runningOf = new Map(running.map(({ tableId, ...run }) => [tableId, run]));
  return tables.map((table) => rowOf(table, lastOf.get(table.id), runningOf.get(table.id) ?? null, now()));
}

type LastRun = Omit<NonNullable<CheckedTableRow["last"]>, "endedAt"> & { endedAt: Date | null };

function rowOf(
  table: StoredTable,
  ended: LastRun | undefined,
  running: CheckedTableRow["running"],
  now: Date,
): CheckedTableRow {
  const last = ended?.endedAt ? { ...ended, endedAt: ended.endedAt } : null;
  const openUnexplained = unexplainedRows(table);
  const verdict = tableVerdict(
    {
      settings: table.settings,
      obstacle: obstacleOf(table),
      heldBecause: table.heldBecause,
      isRunning: running !== null,
      last,
      verifiedAt: table.verifiedAt,
      comparedRows: table.comparedRows,
      openUnexplained,
      openExplained: table.openExplained,
      ignored: table.ignored,
    },
    now,
  );
  return {
    id: table.id,
    cluster: table.cluster,
    pipeline: table.source,
    table: table.name,
    sink: table.sink,
    target: table.target,
    verdict,
    alerts: driftAlerts(
      {
        verdict,
        thresholds: table.settings,
        criticalSince: table.criticalSince,
        lastFailedAt: last?.state === "FAILED" ? last.endedAt : null,
        verifiedAt: table.verifiedAt,
      },
      now,
    ),
    method: table.settings.method,
    settings: table.settings,
    version: table.version,
    openUnexplained,
    openExplained: table.openExplained,
    ignored: table.ignored,
    sourceRows: table.sourceRows,
    targetRows: table.targetRows,
    comparedRows: table.comparedRows,
    verifiedAt: table.verifiedAt,
    verifiedThrough: table.verifiedThrough,
    nextRunAt: table.nextRunAt,
    nextFullAt: table.nextFullAt,
    heldBecause: table.heldBecause,
    running,
    last,
  };
}

/** The tables a person means; refuses a filter it does not understand, because what is chosen will be acted on. */
export async function selectTables(
  deps: Pick<Deps, "db" | "now">,
  selection: TableSelection,
): Promise<CheckedTableRow[]> {
  const rows =
    "ids" in selection
      ? await readCheckedTables(deps, selection.ids)
      : filterTables(await readCheckedTables(deps), strictFilter(selection.filter), deps.now());
  if (rows.length === 0) throw new AppError("not_found", "No checked table is selected");
  return rows;
}

function strictFilter(filter: string): string {
  const [dropped] = parseFilter(filter, CHECKED_TABLE_FILTER).dropped;
  if (dropped) throw new AppError("invalid", `${dropped.text}: ${dropped.reason}`);
  return filter;
}

export function filterTables(rows: readonly CheckedTableRow[], filter: string, now: Date): CheckedTableRow[] {
  return applyFilter(rows, parseFilter(filter, CHECKED_TABLE_FILTER), {
    words: (row) => [row.table, row.pipeline, row.target ?? ""],
    holds: (row, token) => holds(row, token, now),
  });
}

function holds(row: CheckedTableRow, token: FilterToken, now: Date): boolean {
  const plain = { ...token, negated: false };
  switch (token.key) {
    case "cluster":
      return row.cluster === token.value;
    case "pipeline":
      return contains(row.pipeline, token.value);
    case "table":
      return contains(row.table, token.value);
    case "sink":
      return contains(row.sink, token.value);
    case "state":
      return row.verdict.state === token.value;
    case "method":
      return row.method === token.value;
    case "drift":
      return row.verdict.unexplainedPercent !== null && satisfies(plain, row.verdict.unexplainedPercent);
    case "rows":
      return satisfies(plain, row.openUnexplained);
    default:
      return satisfies(
        plain,
        row.verifiedAt ? now.getTime() - row.verifiedAt.getTime() : Number.POSITIVE_INFINITY,
      );
  }
}

const ORDER: Record<string, (row: CheckedTableRow) => string | number> = {
  table: (row) => row.table,
  pipeline: (row) => row.pipeline,
  state: (row) => TABLE_STATES.indexOf(row.verdict.state),
  drift: (row) => row.verdict.unexplainedPercent ?? -1,
  unexplained: (row) => row.openUnexplained,
  explained: (row) => row.openExplained,
  rows: (row) => row.comparedRows ?? -1,
  checked: (row) => row.verifiedAt?.getTime() ?? 0,
  next: (row) => row.nextRunAt?.getTime() ?? Number.POSITIVE_INFINITY,
};

function comparison(sort: string): (a: CheckedTableRow, b: CheckedTableRow) => number {
  const isDown = sort.startsWith("-");
  const keyOf = ORDER[sort.replace(/^-/, "")];
  return (a, b) => {
    if (!keyOf) return worstFirst(a, b);
    const [left, right] = [keyOf(a), keyOf(b)];
    const order =
      typeof left === "string" ? left.localeCompare(String(right)) : Math.sign(left - Number(right)) || 0;
    return (isDown ? -order : order) || a.table.localeCompare(b.table);
  };
}

export function worstFirst(a: CheckedTableRow, b: CheckedTableRow): number {
  return (
    TABLE_STATES.indexOf(a.verdict.state) - TABLE_STATES.indexOf(b.verdict.state) ||
    (b.verdict.unexplainedPercent ?? 0) - (a.verdict.unexplainedPercent ?? 0) ||
    a.table.localeCompare(b.table)
  );
}
