import { and, gte, inArray, sql } from "drizzle-orm";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { DriftAlert } from "#domain/reconciliation/alerts.ts";
import { driftLevel, driftPercent } from "#domain/reconciliation/drift.ts";
import { type CheckedTableState, type HeatMapInput, TABLE_STATES } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { type CheckedTableRow, filterTables, readCheckedTables, worstFirst } from "./list-checked-tables.ts";

export interface Fleet {
  tables: number;
  states: Record<CheckedTableState, number>;
  /** Rows that differ and are not explained, over all tables. */
  unexplainedRows: number;
  explainedRows: number;
  /** Percent of all compared rows; null: nothing was ever compared. */
  unexplainedPercent: number | null;
  /** Share of tables with a result of the last day, 0 to 1. */
  freshShare: number | null;
  oldest: { id: number; table: string; verifiedAt: Date | null } | null;
  running: number;
  /** What the checks of the last 24 hours cost. */
  cost: { runs: number; rowsRead: number; bytes: number; durationMs: number; failed: number };
  alerts: (DriftAlert & { tableId: number; table: string; pipeline: string })[];
}

/** All checked tables in numbers. */
export async function getFleet(deps: Pick<Deps, "db" | "now">, actor: Actor): Promise<Fleet> {
  requirePermission(actor, "console:view");
  const rows = await readCheckedTables(deps);
  const states = Object.fromEntries(TABLE_STATES.map((state) => [state, 0])) as Record<
    CheckedTableState,
    number
  >;
  for (const { verdict } of rows) states[verdict.state] += 1;
  const dayAgo = deps.now().getTime() - 86_400_000;
  const fresh = rows.filter(({ verifiedAt }) => verifiedAt !== null && verifiedAt.getTime() >= dayAgo);
  const compared = rows.flatMap(({ comparedRows }) => comparedRows ?? []);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const unexplainedRows = sum(rows.map(({ openUnexplained }) => openUnexplained));
  const oldest = rows.toSorted((a, b) => (a.verifiedAt?.getTime() ?? 0) - (b.verifiedAt?.getTime() ?? 0))[0];
  return {
    tables: rows.length,
    states,
    unexplainedRows,
    explainedRows: sum(rows.map(({ openExplained }) => openExplained)),
    unexplainedPercent: compared.length > 0 ? driftPercent(unexplainedRows, sum(compared)) : null,
    freshShare: rows.length > 0 ? fresh.length / rows.length : null,
    oldest: oldest ? { id: oldest.id, table: oldest.table, verifiedAt: oldest.verifiedAt } : null,
    running: rows.filter(({ running }) => running !== null).length,
    cost: await costSince(deps, new Date(dayAgo)),
    alerts: rows.flatMap(({ id, table, pipeline, alerts }) =>
      alerts.map((alert) => ({ ...alert, tableId: id, table, pipeline })),
    ),
  };
}

async function costSince({ db }: Pick<Deps, "db">, since: Date): Promise<Fleet["cost"]> {
  const sumOf = (key: string) =>
    sql<number>`coalesce(sum((${reconciliationRuns.cost} ->> ${key})::float8), 0)::float8`;
  const [cost] = await db
    .select({
      runs: sql<number>`count(*)::int`,
      failed: sql<number>`(count(*) filter (where ${reconciliationRuns.state} = 'FAILED'))::int`,
      rowsRead: sumOf("rowsRead"),
      bytes: sumOf("bytes"),
      durationMs: sumOf("durationMs"),
    })
    .from(reconciliationRuns)
    .where(
      and(gte(reconciliationRuns.endedAt, since), inArray(reconciliationRuns.state, ["COMPLETED", "FAILED"])),
    );
  return cost ?? { runs: 0, failed: 0, rowsRead: 0, bytes: 0, durationMs: 0 };
}

export interface HeatCell {
  /** The day in UTC, `YYYY-MM-DD`. */
  day: string;
  /** Nobody compared anything that day: never the colour of good. */
  isChecked: boolean;
  /** Largest of the day. */
  unexplainedPercent: number | null;
  unexplainedRows: number | null;
  runs: number;
  failed: number;
  level: ReturnType<typeof driftLevel>;
}

export interface HeatMap {
  days: string[];
  /** Worst first. */
  tables: {
    id: number;
    table: string;
    pipeline: string;
    state: CheckedTableState;
    isRunning: boolean;
    cells: HeatCell[];
  }[];
}

/** Tables × days; 500 tables by 90 days are one query. */
export async function getHeatMap(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  { days: count, filter }: HeatMapInput,
): Promise<HeatMap> {
  requirePermission(actor, "console:view");
  const now = deps.now();
  const days = Array.from({ length: count }, (_, index) =>
    new Date(now.getTime() - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10),
  );
  const tables = filterTables(await readCheckedTables(deps), filter, now).sort(worstFirst);
  const { rows } = await deps.db.execute<{
    table_id: string;
    day: string;
    percent: number | null;
    open: string | null;
    verified: number;
    runs: number;
    failed: number;
  }>(sql`
    select table_id, to_char(day, 'YYYY-MM-DD') as day, percent, open, verified, runs, failed
      from (select table_id, (ended_at at time zone 'UTC')::date as day, max(unexplained_percent) as percent,
                   max(open_unexplained) as open, (count(*) filter (where is_verified))::int as verified, count(*)::int as runs,
                   (count(*) filter (where state = 'FAILED'))::int as failed
              from reconciliation_runs
             where ended_at >= ${days[0] ?? ""}::date::timestamp at time zone 'UTC' and scope <> 'keys'
             group by 1, 2) by_day`);
  const found = new Map(rows.map((row) => [`${row.table_id} ${row.day}`, row]));
  return {
    days,
    tables: tables.map((table) => ({
      id: table.id,
      table: table.table,
      pipeline: table.pipeline,
      state: table.verdict.state,
      isRunning: table.running !== null,
      cells: days.map((day) => cellOf(table, day, found.get(`${table.id} ${day}`))),
    })),
  };
}

function cellOf(
  { settings }: CheckedTableRow,
  day: string,
  row:
    | { percent: number | null; open: string | null; verified: number; runs: number; failed: number }
    | undefined,
): HeatCell {
  const isChecked = (row?.verified ?? 0) > 0;
  const percent = isChecked ? (row?.percent ?? null) : null;
  return {
    day,
    isChecked,
    unexplainedPercent: percent,
    unexplainedRows: isChecked && row?.open ? Number(row.open) : isChecked ? 0 : null,
    runs: row?.runs ?? 0,
    failed: row?.failed ?? 0,
    level: driftLevel(percent, settings),
  };
}
