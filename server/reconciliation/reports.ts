import { randomUUID } from "node:crypto";
import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import {
  reconciliationReports,
  reconciliationRuns,
  reconciliationTables,
} from "#db/schema/reconciliation.ts";
import { type Actor, hasPermission, requirePermission } from "#domain/access/permissions.ts";
import { maskKey } from "#domain/dead-letters/key-text.ts";
import { AppError } from "#domain/errors/app-error.ts";
import {
  composeReport,
  isFresh,
  type ReconciliationReport,
  ReconciliationReport as ReportSchema,
  type ReportTable,
  reportTable,
} from "#domain/reconciliation/report.ts";
import type { CreateReportInput, ReportId } from "#domain/reconciliation/schema.ts";
import { isJudged } from "#domain/reconciliation/table-state.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { type CheckedTableRow, readCheckedTables } from "./list-checked-tables.ts";
import { readFindings, reportedRows } from "./run-report.ts";

export interface ReportView {
  report: ReconciliationReport;
  cluster: string;
  pipeline: string;
  generatedBy: string;
  /** Less than a day old. */
  isFresh: boolean;
}

/** A report as it was frozen; keys that may say something about a person are hidden from those who may not see rows. */
export async function getReport(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id }: ReportId,
): Promise<ReportView> {
  requirePermission(actor, "console:view");
  const [row] = await db.select().from(reconciliationReports).where(eq(reconciliationReports.id, id));
  if (!row) throw new AppError("not_found", "There is no such report");
  const report = ReportSchema.parse(row.body);
  return {
    report: hasPermission(actor, "rows:reveal") ? report : withoutRowData(report),
    cluster: row.cluster,
    pipeline: row.source,
    generatedBy: row.generatedBy,
    isFresh: isFresh(report, now()),
  };
}

export interface ReportRow {
  id: string;
  generatedAt: Date;
  generatedBy: string;
  isFresh: boolean;
  summary: ReconciliationReport["summary"];
}

/** Reports of a pipeline, newest first. */
export async function listReports(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { cluster, source }: CreateReportInput,
): Promise<ReportRow[]> {
  requirePermission(actor, "console:view");
  const rows = await db
    .select()
    .from(reconciliationReports)
    .where(and(eq(reconciliationReports.cluster, cluster), eq(reconciliationReports.source, source)))
    .orderBy(desc(reconciliationReports.generatedAt))
    .limit(200);
  return rows.map((row) => ({
    id: row.id,
    generatedAt: row.generatedAt,
    generatedBy: row.generatedBy,
    isFresh: isFresh({ generated_at: row.generatedAt }, now()),
    summary: row.body.summary,
  }));
}

/** Freezes the newest result of every table of a pipeline; tables without one are in it, as not verified. */
export async function createReport(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  { cluster, source }: CreateReportInput,
): Promise<{ reportId: string }> {
  requirePermission(actor, "reconciliation:run");
  const { db, now } = deps;
  const stored = await db
    .select()
    .from(reconciliationTables)
    .where(
      and(
        eq(reconciliationTables.cluster, cluster),
        eq(reconciliationTables.source, source),
        isNull(reconciliationTables.goneAt),
      ),
    )
    .orderBy(reconciliationTables.name);
  if (stored.length === 0)
    throw new AppError("not_found", `${cluster} has no pipeline ${source} whose tables are checked`);
  const rows = await readCheckedTables(
    deps,
    stored.map(({ id }) => id),
  );
  const bodies = await newestTables(
    db,
    stored.flatMap(({ lastVerifiedRunId }) => lastVerifiedRunId ?? []),
  );
  const names = await db.select({ id: databases.id, name: databases.name }).from(databases);
  const nameOf = (ids: (string | null)[]) =>
    [
      ...new Set(ids.map((id) => names.find((database) => database.id === id)?.name ?? "not registered")),
    ].join(", ");
  const reportId = randomUUID();
  const report = composeReport({
    reportId,
    generatedAt: now(),
    sourceDatabase: nameOf(stored.map(({ sourceDatabaseId }) => sourceDatabaseId)),
    targetDatabase: nameOf(stored.map(({ targetDatabaseId }) => targetDatabaseId)),
    tables: await Promise.all(
      rows.map((row) => {
        const table = stored.find(({ id }) => id === row.id);
        const body = table?.lastVerifiedRunId ? bodies.get(table.lastVerifiedRunId) : undefined;
        return tableNow(db, row, body);
      }),
    ),
  });
  await db.transaction(async (tx) => {
    await tx.insert(reconciliationReports).values({
      id: reportId,
      cluster,
      source,
      generatedAt: now(),
      generatedBy: actor.name,
      body: report,
    });
    await appendAudit(tx, actor, {
      action: "reconciliation.report",
      subject: { cluster, pipeline: source, report: reportId },
      outcome: "succeeded",
      detail: { ...report.summary },
    });
  });
  return { reportId };
}

async function newestTables(db: Deps["db"], runIds: readonly string[]): Promise<Map<string, ReportTable>> {
  if (runIds.length === 0) return new Map();
  const rows = await db
    .select({ runId: reconciliationRuns.id, body: reconciliationReports.body })
    .from(reconciliationRuns)
    .innerJoin(reconciliationReports, eq(reconciliationReports.id, reconciliationRuns.reportId))
    .where(inArray(reconciliationRuns.id, [...runIds]));
  return new Map(
    rows.flatMap(({ runId, body }) => {
      const table = ReportSchema.parse(body).tables[0];
      return table ? [[runId, table] as const] : [];
    }),
  );
}

/**
 * A result that is too old, or that a later failed check has put in doubt, verifies nothing now; rows that a failed check
 * confirmed since are real.
 */
async function tableNow(
  db: Deps["db"],
  row: CheckedTableRow,
  last: ReportTable | undefined,
): Promise<ReportTable> {
  const isVerified = last !== undefined && isJudged(row.verdict.state);
  const known = last?.discrepancy_count ?? 0;
  const live = row.openUnexplained + row.openExplained + row.ignored;
  if (isVerified && live <= known) return last;
  const fresh =
    live > known
      ? { findings: await readFindings(db, row.id, row.comparedRows), rows: await reportedRows(db, row.id) }
      : undefined;
  return reportTable({
    sourceTable: row.table,
    targetTable: row.target ?? "",
    sourceRows: last?.source_row_count ?? null,
    targetRows: last?.target_row_count ?? null,
    sourceChecksum: null,
    targetChecksum: null,
    comparedRows: isVerified ? row.comparedRows : null,
    discrepancies: fresh?.rows ?? last?.discrepancies ?? [],
    discrepancyCount: Math.max(live, known),
    unexplainedCount: fresh ? row.openUnexplained : (last?.unexplained_count ?? 0),
    criticalPercent: row.settings.criticalPercent,
    unverifiedBecause: isVerified ? undefined : row.verdict.words,
    findings: fresh?.findings ?? {
      missingInTarget: 0,
      missingInSource: 0,
      valueMismatch: 0,
      comparedRows: null,
      causes: {},
      columns: [],
      block: undefined,
    },
    runId: last?.run_id ?? null,
    checkedAt: last?.checked_at ?? null,
    verifiedThrough: last?.verified_through ?? null,
    coverage: last?.coverage ?? null,
    method: row.method,
  });
}

function withoutRowData(report: ReconciliationReport): ReconciliationReport {
  return {
    ...report,
    tables: report.tables.map((table) => ({
      ...table,
      discrepancies: table.discrepancies.map((discrepancy) => ({
        ...discrepancy,
        primary_key: Object.fromEntries(
          Object.entries(discrepancy.primary_key).map(([column, value]) => [
            column,
            typeof value === "string" ? maskKey(value) : value,
          ]),
        ),
      })),
    })),
  };
}
