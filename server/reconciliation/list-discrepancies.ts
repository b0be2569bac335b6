import { and, asc, count, desc, eq, gte, ilike, inArray, not, or, type SQL, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import {
  reconciliationDiscrepancies,
  reconciliationRuns,
  reconciliationTables,
} from "#db/schema/reconciliation.ts";
import { type Actor, hasPermission, requirePermission } from "#domain/access/permissions.ts";
import { maskKey } from "#domain/dead-letters/key-text.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { Attribution } from "#domain/reconciliation/attribution.ts";
import { DISCREPANCY_FILTER } from "#domain/reconciliation/filter.ts";
import type {
  DiscrepancySelection,
  DiscrepancyState,
  DriftCause,
  ListDiscrepanciesInput,
  MismatchType,
  ReasonClass,
} from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { comparing } from "#server/plans/comparing.ts";
import { likeOf } from "./list-checks.ts";

export interface DiscrepancyRow {
  id: number;
  tableId: number;
  cluster: string;
  pipeline: string;
  table: string;
  target: string | null;
  /** `id=42`; what may say something about a person is hidden from those who may not see rows. */
  key: string;
  type: MismatchType;
  columns: string[];
  reason: ReasonClass | null;
  cause: DriftCause;
  attribution: Attribution | null;
  state: DiscrepancyState;
  firstSeen: Date;
  lastSeen: Date;
  lastRunId: string;
  endedAt: Date | null;
  ignoredUntil: Date | null;
  decidedBy: string | null;
  decidedReason: string | null;
}

/** Differing rows, newest first; open ones unless the filter names a state. */
export async function listDiscrepancies(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  input: ListDiscrepanciesInput,
): Promise<ListPage<DiscrepancyRow>> {
  requirePermission(actor, "console:view");
  const { page, pageSize, sort } = input;
  const where = await discrepancyConditions(db, input, now());
  const from = eq(reconciliationTables.id, reconciliationDiscrepancies.tableId);
  const [rows, [matching]] = await Promise.all([
    db
      .select({ row: reconciliationDiscrepancies, table: reconciliationTables })
      .from(reconciliationDiscrepancies)
      .innerJoin(reconciliationTables, from)
      .where(where)
      .orderBy(...ordering(sort))
      .limit(pageSize)
      .offset((page - 1) * pageSize),
    db
      .select({ total: count() })
      .from(reconciliationDiscrepancies)
      .innerJoin(reconciliationTables, from)
      .where(where),
  ]);
  const mayReveal = hasPermission(actor, "rows:reveal");
  return { rows: rows.map(({ row, table }) => toRow(row, table, mayReveal)), total: matching?.total ?? 0 };
}

export function toRow(
  row: typeof reconciliationDiscrepancies.$inferSelect,
  table: Pick<typeof reconciliationTables.$inferSelect, "cluster" | "source" | "name" | "target">,
  mayReveal: boolean,
): DiscrepancyRow {
  return {
    id: row.id,
    tableId: row.tableId,
    cluster: table.cluster,
    pipeline: table.source,
    table: table.name,
    target: table.target,
    key: mayReveal ? row.keyText : maskKey(row.keyText),
    type: row.type,
    columns: row.columns,
    reason: row.reason,
    cause: row.cause,
    attribution: row.attribution,
    state: row.state,
    firstSeen: row.firstSeen,
    lastSeen: row.lastSeen,
    lastRunId: row.lastRunId,
    endedAt: row.endedAt,
    ignoredUntil: row.ignoredUntil,
    decidedBy: row.decidedBy,
    decidedReason: row.decidedReason,
  };
}

/** The condition of a list, with its table or its run. */
export async function discrepancyConditions(
  db: DbOrTx,
  { tableId, runId, filter }: Pick<ListDiscrepanciesInput, "tableId" | "runId" | "filter">,
  now: Date,
): Promise<SQL | undefined> {
  const { tokens } = parseFilter(filter, DISCREPANCY_FILTER);
  const namesState = tokens.some(({ key }) => key === "state");
  return and(
    tableId === undefined ? undefined : eq(reconciliationDiscrepancies.tableId, tableId),
    runId === undefined ? undefined : await seenBy(db, runId),
    namesState || runId !== undefined ? undefined : eq(reconciliationDiscrepancies.state, "open"),
    ...alternatives(tokens, now),
  );
}

/** `type:a type:b` means either; different keys have to hold together. */
function alternatives(tokens: readonly FilterToken[], now: Date): (SQL | undefined)[] {
  return [...Map.groupBy(tokens, ({ key, negated }) => `${key} ${negated}`).values()].map((same) => {
    const conditions = same.map((token) => condition(token, now));
    const either = or(...conditions);
    return same[0]?.negated && either ? not(either) : either;
  });
}

/** A row is known by its first and last sighting; in between it was there as well. */
async function seenBy(db: DbOrTx, runId: string): Promise<SQL | undefined> {
  const [run] = await db
    .select({
      tableId: reconciliationRuns.tableId,
      startedAt: reconciliationRuns.startedAt,
      endedAt: reconciliationRuns.endedAt,
    })
    .from(reconciliationRuns)
    .where(eq(reconciliationRuns.id, runId));
  if (!run?.startedAt) return sql`false`;
  const until = run.endedAt ?? new Date(8.64e15);
  return and(
    eq(reconciliationDiscrepancies.tableId, run.tableId),
    sql`${reconciliationDiscrepancies.firstSeen} <= ${until.toISOString()}::timestamptz`,
    gte(reconciliationDiscrepancies.lastSeen, run.startedAt),
  );
}

/** The rows a person means, live ones only; refuses a filter it does not understand. */
export async function selectDiscrepancies(
  { db, now }: Pick<Deps, "db" | "now">,
  selection: DiscrepancySelection,
  states: readonly DiscrepancyState[],
  limit: number,
): Promise<(typeof reconciliationDiscrepancies.$inferSelect)[]> {
  let where: SQL | undefined;
  if ("ids" in selection) where = inArray(reconciliationDiscrepancies.id, [...selection.ids]);
  else {
    const [dropped] = parseFilter(selection.filter, DISCREPANCY_FILTER).dropped;
    if (dropped) throw new AppError("invalid", `${dropped.text}: ${dropped.reason}`);
    where = await discrepancyConditions(db, selection, now());
  }
  const rows = await db
    .select({ row: reconciliationDiscrepancies })
    .from(reconciliationDiscrepancies)
    .innerJoin(reconciliationTables, eq(reconciliationTables.id, reconciliationDiscrepancies.tableId))
    .where(and(where, inArray(reconciliationDiscrepancies.state, [...states])))
    .orderBy(asc(reconciliationDiscrepancies.id))
    .limit(limit + 1);
  if (rows.length === 0)
    throw new AppError("precondition_failed", `None of the chosen rows is ${states.join(" or ")} now`);
  if (rows.length > limit)
    throw new AppError("invalid", `At most ${limit} rows at once; narrow the selection`);
  return rows.map(({ row }) => row);
}

function ordering(sort: string): SQL[] {
  const columns = {
    table: reconciliationTables.name,
    key: reconciliationDiscrepancies.keyText,
    type: reconciliationDiscrepancies.type,
    cause: reconciliationDiscrepancies.cause,
    state: reconciliationDiscrepancies.state,
    first: reconciliationDiscrepancies.firstSeen,
    last: reconciliationDiscrepancies.lastSeen,
  };
  const name = sort.replace(/^-/, "");
  const column = name in columns ? columns[name as keyof typeof columns] : undefined;
  if (!column) return [desc(reconciliationDiscrepancies.id)];
  const isDown = sort.startsWith("-");
  return [
    isDown ? desc(column) : asc(column),
    isDown ? desc(reconciliationDiscrepancies.id) : asc(reconciliationDiscrepancies.id),
  ];
}

function condition(token: FilterToken, now: Date): SQL {
  const { key, value } = token;
  switch (key) {
    case "cluster":
      return eq(reconciliationTables.cluster, value);
    case "pipeline":
      return ilike(reconciliationTables.source, likeOf(value));
    case "table":
      return ilike(reconciliationTables.name, likeOf(value));
    case "type":
      return sql`${reconciliationDiscrepancies.type} = ${value}`;
    case "state":
      return sql`${reconciliationDiscrepancies.state} = ${value}`;
    case "cause":
      return sql`${reconciliationDiscrepancies.cause} = ${value}`;
    case "reason":
      return sql`coalesce(${reconciliationDiscrepancies.reason}, '') = ${value}`;
    case "column":
      return sql`${value} = any(${reconciliationDiscrepancies.columns})`;
    case "key":
      return inArray(reconciliationDiscrepancies.keyText, [value, `id=${value}`]);
    default:
      return comparing(
        sql`extract(epoch from (${now.toISOString()}::timestamptz - ${reconciliationDiscrepancies.firstSeen})) * 1000`,
        token.comparison,
        token.amount ?? 0,
      );
  }
}
