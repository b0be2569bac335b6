import { and, asc, eq, gte, inArray, lte, or, sql } from "drizzle-orm";
import { auditEntries } from "#db/schema/audit.ts";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { CheckScope, HistoryInput, ReconciliationState } from "#domain/reconciliation/schema.ts";
import { listVersions } from "#server/connectors/list-versions.ts";
import type { Deps } from "#server/deps.ts";
import { requireCheckedTable, type StoredTable } from "./stored-table.ts";

export interface HistoryPoint {
  at: Date;
  runId: string;
  state: ReconciliationState;
  /** Null: this run could judge nothing, so the line has a gap here. */
  unexplainedPercent: number | null;
  explainedPercent: number | null;
  openUnexplained: number | null;
  openExplained: number | null;
  missingInTarget: number | null;
  missingInSource: number | null;
  valueMismatch: number | null;
  coverage: number | null;
  scope: CheckScope;
  durationMs: number | null;
  rowsRead: number | null;
  interval: { low: number; high: number } | null;
}

export interface HistoryMark {
  at: Date;
  kind: "configuration" | "operation" | "repair";
  words: string;
  connector: string | null;
  planId: string | null;
}

export interface TableHistory {
  targetPercent: number;
  criticalPercent: number;
  points: HistoryPoint[];
  marks: HistoryMark[];
  /** Only the newest points of a longer span are given. */
  isCut: boolean;
}

const MOST_POINTS = 5_000;
const LONGEST_MS = 400 * 86_400_000;

/** Drift of a table over time, with what happened to its pipeline meanwhile. */
export async function getHistory(
  deps: Pick<Deps, "db">,
  actor: Actor,
  { id, from, to }: HistoryInput,
): Promise<TableHistory> {
  requirePermission(actor, "console:view");
  if (to <= from) throw new AppError("invalid", "The end of the span has to lie behind its beginning");
  if (to.getTime() - from.getTime() > LONGEST_MS) throw new AppError("invalid", "At most 400 days at once");
  const table = await requireCheckedTable(deps.db, id);
  const runs = await deps.db
    .select()
    .from(reconciliationRuns)
    .where(
      and(
        eq(reconciliationRuns.tableId, id),
        inArray(reconciliationRuns.state, ["COMPLETED", "FAILED"]),
        gte(reconciliationRuns.endedAt, from),
        lte(reconciliationRuns.endedAt, to),
      ),
    )
    .orderBy(sql`${reconciliationRuns.endedAt} desc`)
    .limit(MOST_POINTS + 1);
  const isCut = runs.length > MOST_POINTS;
  const points = runs
    .slice(0, MOST_POINTS)
    .reverse()
    .map((run): HistoryPoint => {
      const isVerified = run.isVerified === true;
      return {
        at: run.endedAt ?? run.queuedAt,
        runId: run.id,
        state: run.state,
        unexplainedPercent: run.unexplainedPercent,
        explainedPercent: run.explainedPercent,
        openUnexplained: run.openUnexplained,
        openExplained: run.openExplained,
        missingInTarget: isVerified ? (run.counts?.missingInTarget ?? null) : null,
        missingInSource: isVerified ? (run.counts?.missingInSource ?? null) : null,
        valueMismatch: isVerified ? (run.counts?.valueMismatch ?? null) : null,
        coverage: run.coverage,
        scope: run.scope,
        durationMs: run.cost?.durationMs ?? null,
        rowsRead: run.cost?.rowsRead ?? null,
        interval: run.interval,
      };
    });
  return {
    targetPercent: table.settings.targetPercent,
    criticalPercent: table.settings.criticalPercent,
    points,
    marks: await readMarks(deps, actor, table, { from, to }),
    isCut,
  };
}

/** Configurations put into force, and what people did to the connectors or the rows. */
async function readMarks(
  deps: Pick<Deps, "db">,
  actor: Actor,
  table: StoredTable,
  { from, to }: { from: Date; to: Date },
): Promise<HistoryMark[]> {
  const marks: HistoryMark[] = [];
  for (const name of [table.source, table.sink]) {
    const versions = await listVersions(deps, actor, { cluster: table.cluster, name });
    for (const version of versions)
      if (version.at >= from && version.at <= to)
        marks.push({
          at: version.at,
          kind: "configuration",
          words: `Configuration ${version.version} of ${name}, by ${version.authorName}`,
          connector: name,
          planId: version.planId,
        });
  }
  const subject = (key: string) => sql<string | null>`${auditEntries.subject} ->> ${key}`;
  const acts = await deps.db
    .select({
      at: auditEntries.at,
      action: auditEntries.action,
      by: auditEntries.actorName,
      name: subject("connector"),
      plan: subject("plan"),
    })
    .from(auditEntries)
    .where(
      and(
        gte(auditEntries.at, from),
        lte(auditEntries.at, to),
        eq(auditEntries.outcome, "succeeded"),
        sql`${subject("cluster")} = ${table.cluster}`,
        or(
          and(
            inArray(auditEntries.action, CONNECTOR_ACTS),
            sql`${subject("connector")} in (${table.source}, ${table.sink})`,
          ),
          and(
            inArray(auditEntries.action, ["plan.run"]),
            sql`${subject("pipeline")} = ${table.source} and ${subject("table")} = ${table.name}`,
          ),
        ),
      ),
    )
    .orderBy(asc(auditEntries.at))
    .limit(1_000);
  for (const act of acts)
    marks.push({
      at: act.at,
      kind: act.action === "plan.run" ? "repair" : "operation",
      words:
        act.action === "plan.run"
          ? `A plan for this table was run, by ${act.by}`
          : `${act.name ?? "A connector"}: ${act.action.split(".")[1]}, by ${act.by}`,
      connector: act.name,
      planId: act.plan,
    });
  return marks.sort((a, b) => a.at.getTime() - b.at.getTime());
}

const CONNECTOR_ACTS = [
  "connector.pause",
  "connector.resume",
  "connector.stop",
  "connector.restart",
  "connector.restart-task",
];
