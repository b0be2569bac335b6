import { randomUUID } from "node:crypto";
import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { reconciliationDiscrepancies, reconciliationReports } from "#db/schema/reconciliation.ts";
import { SHOWN_NUMBER } from "#domain/dead-letters/key-text.ts";
import { unexplainedRows } from "#domain/reconciliation/drift.ts";
import type { Findings } from "#domain/reconciliation/recommended-action.ts";
import {
  carriedCounts,
  composeReport,
  type ReportDiscrepancy,
  reportTable,
} from "#domain/reconciliation/report.ts";
import type { PartResult } from "#domain/reconciliation/run.ts";
import type { DriftCause, MismatchType, ReasonClass } from "#domain/reconciliation/schema.ts";
import type { StoredCheck } from "./check-lease.ts";
import type { StoredTable } from "./stored-table.ts";

/** Differing rows listed in a report; all are counted, and the console lists all. */
const MOST_LISTED = 1_000;

interface RunFacts {
  run: StoredCheck;
  table: StoredTable;
  total: PartResult;
  comparedRows: number | null;
  /** Differing rows of which only the number is kept. */
  countDifference: number;
  coverage: number | null;
  completion: { sourceDatabase: string; targetDatabase: string };
  now: Date;
}

/** Freezes what a run found as the report of its table. */
export async function writeRunReport(tx: DbOrTx, facts: RunFacts): Promise<string> {
  const { run, table, total, countDifference, now, completion } = facts;
  const reportId = randomUUID();
  const isFull = run.scope === "full";
  const findings = await readFindings(tx, table.id, facts.comparedRows);
  const differing =
    findings.missingInTarget + findings.missingInSource + findings.valueMismatch + countDifference;
  const report = composeReport({
    reportId,
    generatedAt: now,
    sourceDatabase: completion.sourceDatabase,
    targetDatabase: completion.targetDatabase,
    tables: [
      reportTable({
        sourceTable: table.name,
        targetTable: table.target ?? "",
        ...(isFull
          ? { sourceRows: total.sourceRows, targetRows: total.targetRows }
          : carriedCounts(table, differing)),
        sourceChecksum: total.sourceChecksum,
        targetChecksum: total.targetChecksum,
        comparedRows: facts.comparedRows,
        discrepancies: await reportedRows(tx, table.id),
        discrepancyCount: differing,
        unexplainedCount: unexplainedRows({
          openUnexplained: findings.causes.unexplained ?? 0,
          countDifference,
        }),
        criticalPercent: table.settings.criticalPercent,
        unverifiedBecause: undefined,
        findings,
        runId: run.id,
        checkedAt: now,
        verifiedThrough: total.verifiedThrough,
        coverage: facts.coverage,
        method: run.method,
      }),
    ],
  });
  await tx.insert(reconciliationReports).values({
    id: reportId,
    cluster: table.cluster,
    source: table.source,
    generatedAt: now,
    generatedBy: run.requestedBy.name,
    body: report,
  });
  return reportId;
}

const LIVE = ["open", "ignored"] as const;

/** Live differing rows of a table in numbers. */
export async function readFindings(
  tx: DbOrTx,
  tableId: number,
  comparedRows: number | null,
): Promise<Findings & { causes: Partial<Record<DriftCause, number>> }> {
  const live = and(
    eq(reconciliationDiscrepancies.tableId, tableId),
    inArray(reconciliationDiscrepancies.state, [...LIVE]),
  );
  const groups = await tx
    .select({
      type: reconciliationDiscrepancies.type,
      cause: reconciliationDiscrepancies.cause,
      state: reconciliationDiscrepancies.state,
      rows: sql<number>`count(*)::int`,
    })
    .from(reconciliationDiscrepancies)
    .where(live)
    .groupBy(
      reconciliationDiscrepancies.type,
      reconciliationDiscrepancies.cause,
      reconciliationDiscrepancies.state,
    );
  const columns = await tx.execute<{ column: string; reason: ReasonClass | null; rows: number }>(sql`
    select c as column, reason, count(*)::int as rows from reconciliation_discrepancies, unnest(columns) c
     where table_id = ${tableId} and state in ('open', 'ignored') group by 1, 2 order by 3 desc limit 20`);
  const of = (type: MismatchType) =>
    groups.filter((group) => group.type === type).reduce((sum, { rows }) => sum + rows, 0);
  const causes: Partial<Record<DriftCause, number>> = {};
  for (const { cause, state, rows } of groups)
    if (state === "open") causes[cause] = (causes[cause] ?? 0) + rows;
  return {
    missingInTarget: of("missing_in_target"),
    missingInSource: of("missing_in_source"),
    valueMismatch: of("value_mismatch"),
    comparedRows,
    causes,
    columns: columns.rows,
    block: await findBlock(tx, tableId),
  };
}

/** Missing rows whose integer keys follow one another without a gap: a lost batch. */
async function findBlock(tx: DbOrTx, tableId: number): Promise<Findings["block"]> {
  const { rows } = await tx.execute<{ first: string; last: string; rows: number; names: number }>(sql`
    select min(v.value::numeric)::text as first, max(v.value::numeric)::text as last, count(*)::int as rows,
           max(v.keys)::int as names
      from reconciliation_discrepancies d
      cross join lateral (select value, count(*) over () as keys from jsonb_each_text(d.key)) v
     where d.table_id = ${tableId} and d.state = 'open' and d.type = 'missing_in_target' and v.value ~ ${SHOWN_NUMBER}`);
  const [found] = rows;
  if (found?.names !== 1 || found.rows < 3) return undefined;
  const span = BigInt(found.last) - BigInt(found.first) + 1n;
  return span === BigInt(found.rows) ? { first: found.first, last: found.last } : undefined;
}

/** The newest live differing rows of a table, without their values. */
export async function reportedRows(tx: DbOrTx, tableId: number): Promise<ReportDiscrepancy[]> {
  const rows = await tx
    .select()
    .from(reconciliationDiscrepancies)
    .where(
      and(
        eq(reconciliationDiscrepancies.tableId, tableId),
        inArray(reconciliationDiscrepancies.state, [...LIVE]),
      ),
    )
    .orderBy(desc(reconciliationDiscrepancies.id))
    .limit(MOST_LISTED);
  return rows.map((row) => ({
    primary_key: row.key,
    mismatch_type: row.type,
    source_values: null,
    target_values: null,
    columns: row.columns,
    reason: row.reason,
    cause: row.cause,
    state: row.state,
  }));
}
