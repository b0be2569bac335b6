import { and, count, desc, eq, ilike, not, type SQL, sql } from "drizzle-orm";
import { reconciliationRuns, reconciliationTables } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import { CHECK_FILTER } from "#domain/reconciliation/filter.ts";
import {
  type RunCost,
  type RunCounts,
  type RunEstimate,
  type RunProgress,
  secondsLeft,
} from "#domain/reconciliation/run.ts";
import type {
  CheckMethod,
  CheckRunId,
  CheckScope,
  CheckTrigger,
  ListChecksInput,
  ReconciliationState,
} from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { comparing } from "#server/plans/comparing.ts";

export interface CheckRow {
  id: string;
  tableId: number;
  cluster: string;
  pipeline: string;
  table: string;
  sink: string;
  scope: CheckScope;
  method: CheckMethod;
  trigger: CheckTrigger;
  state: ReconciliationState;
  /** COMPLETED runs only: whether the rows could be judged. */
  isVerified: boolean | null;
  message: string | null;
  failedAt: string | null;
  requestedBy: string;
  queuedAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  progress: (RunProgress & { secondsLeft: number | null }) | null;
  estimate: RunEstimate | null;
  counts: RunCounts | null;
  cost: RunCost | null;
  coverage: number | null;
  verifiedThrough: string | null;
  unexplainedPercent: number | null;
  explainedPercent: number | null;
  openUnexplained: number | null;
  openExplained: number | null;
  interval: { low: number; high: number } | null;
  reportId: string | null;
}

/** Runs of all tables or of one, newest first. */
export async function listChecks(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { tableId, filter, page, pageSize }: ListChecksInput,
): Promise<ListPage<CheckRow>> {
  requirePermission(actor, "console:view");
  const { tokens } = parseFilter(filter, CHECK_FILTER);
  const where = and(
    tableId === undefined ? undefined : eq(reconciliationRuns.tableId, tableId),
    ...tokens.map((token) => (token.negated ? not(condition(token, now())) : condition(token, now()))),
  );
  const from = eq(reconciliationTables.id, reconciliationRuns.tableId);
  const [rows, [matching]] = await Promise.all([
    db
      .select({ run: reconciliationRuns, table: reconciliationTables })
      .from(reconciliationRuns)
      .innerJoin(reconciliationTables, from)
      .where(where)
      .orderBy(desc(reconciliationRuns.queuedAt), desc(reconciliationRuns.id))
      .limit(pageSize)
      .offset((page - 1) * pageSize),
    db.select({ total: count() }).from(reconciliationRuns).innerJoin(reconciliationTables, from).where(where),
  ]);
  return { rows: rows.map(({ run, table }) => rowOf(run, table, now())), total: matching?.total ?? 0 };
}

export interface CheckView extends CheckRow {
  attempts: number;
  worker: string | null;
  abortedBy: string | null;
  target: string | null;
  sourceChecksum: string | null;
  targetChecksum: string | null;
  unchecked: { column: string; reason: string }[];
}

/** One run, as far as it is. */
export async function getCheck(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id }: CheckRunId,
): Promise<CheckView> {
  requirePermission(actor, "console:view");
  const [found] = await db
    .select({ run: reconciliationRuns, table: reconciliationTables })
    .from(reconciliationRuns)
    .innerJoin(reconciliationTables, eq(reconciliationTables.id, reconciliationRuns.tableId))
    .where(eq(reconciliationRuns.id, id));
  if (!found) throw new AppError("not_found", "There is no such reconciliation run");
  const { run, table } = found;
  return {
    ...rowOf(run, table, now()),
    attempts: run.attempts,
    worker: run.leaseWorker,
    abortedBy: run.abortedBy?.name ?? null,
    target: table.target,
    sourceChecksum: run.sourceChecksum,
    targetChecksum: run.targetChecksum,
    unchecked: run.unchecked ?? [],
  };
}

function rowOf(
  run: typeof reconciliationRuns.$inferSelect,
  table: typeof reconciliationTables.$inferSelect,
  now: Date,
): CheckRow {
  const elapsed = run.startedAt ? (now.getTime() - run.startedAt.getTime()) / 1000 : 0;
  return {
    id: run.id,
    tableId: run.tableId,
    cluster: table.cluster,
    pipeline: table.source,
    table: table.name,
    sink: table.sink,
    scope: run.scope,
    method: run.method,
    trigger: run.trigger,
    state: run.state,
    isVerified: run.isVerified,
    message: run.message,
    failedAt: run.failedAt,
    requestedBy: run.requestedBy.name,
    queuedAt: run.queuedAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    progress: run.progress && {
      ...run.progress,
      secondsLeft: run.endedAt ? null : secondsLeft(run.progress, elapsed),
    },
    estimate: run.estimate,
    counts: run.counts,
    cost: run.cost,
    coverage: run.coverage,
    verifiedThrough: run.verifiedThrough,
    unexplainedPercent: run.unexplainedPercent,
    explainedPercent: run.explainedPercent,
    openUnexplained: run.openUnexplained,
    openExplained: run.openExplained,
    interval: run.interval,
    reportId: run.reportId,
  };
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
    case "state":
      return sql`${reconciliationRuns.state} = ${value}`;
    case "scope":
      return sql`${reconciliationRuns.scope} = ${value}`;
    case "by":
      return sql`${reconciliationRuns.trigger} = ${value}`;
    default:
      return comparing(
        sql`extract(epoch from (${now.toISOString()}::timestamptz - ${reconciliationRuns.queuedAt})) * 1000`,
        token.comparison,
        token.amount ?? 0,
      );
  }
}

export function likeOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, "\\$&")}%`;
}
