import { z } from "zod";
import { driftPercent } from "./drift.ts";
import { adviseAction, type Findings } from "./recommended-action.ts";
import { DiscrepancyState, DriftCause, MismatchType, ReasonClass, RowKey } from "./schema.ts";
import { FRESH_HOURS } from "./table-state.ts";

/** How a report judges a table; `not_verified` is ours: a table nobody could judge is not ok. */
export const ReportStatus = z.enum([
  "ok",
  "row_count_mismatch",
  "checksum_mismatch",
  "critical",
  "not_verified",
]);
export type ReportStatus = z.infer<typeof ReportStatus>;

/** Rows, by column; null where the row is missing or the reader may not see it. */
const Values = z.record(z.string(), z.unknown()).nullable();

export const ReportDiscrepancy = z.object({
  primary_key: RowKey,
  mismatch_type: MismatchType,
  source_values: Values,
  target_values: Values,
  columns: z.array(z.string()),
  reason: ReasonClass.nullable(),
  cause: DriftCause,
  state: DiscrepancyState,
});
export type ReportDiscrepancy = z.infer<typeof ReportDiscrepancy>;

export const ReportTable = z.object({
  source_table: z.string(),
  target_table: z.string(),
  source_row_count: z.number().int().nullable(),
  target_row_count: z.number().int().nullable(),
  row_count_match: z.boolean().nullable(),
  source_checksum: z.string().nullable(),
  target_checksum: z.string().nullable(),
  checksum_match: z.boolean().nullable(),
  discrepancies: z.array(ReportDiscrepancy),
  /** All of them, also those that are not listed. */
  discrepancy_count: z.number().int(),
  unexplained_count: z.number().int(),
  drift_percentage: z.number().nullable(),
  status: ReportStatus,
  recommended_action: z.string().min(1),
  run_id: z.string().nullable(),
  checked_at: z.coerce.date().nullable(),
  verified_through: z.string().nullable(),
  coverage: z.number().nullable(),
  method: z.string().nullable(),
});
export type ReportTable = z.infer<typeof ReportTable>;

export const ReconciliationReport = z.object({
  report_id: z.uuid(),
  generated_at: z.coerce.date(),
  source_database: z.string(),
  target_database: z.string(),
  tables: z.array(ReportTable),
  summary: z.object({
    total_tables: z.number().int(),
    tables_ok: z.number().int(),
    tables_with_discrepancies: z.number().int(),
    tables_not_verified: z.number().int(),
    total_discrepancies: z.number().int(),
  }),
});
export type ReconciliationReport = z.infer<typeof ReconciliationReport>;

/** What a finished run, or its absence, says about one table. */
export interface TableResult {
  sourceTable: string;
  targetTable: string;
  sourceRows: number | null;
  targetRows: number | null;
  sourceChecksum: string | null;
  targetChecksum: string | null;
  comparedRows: number | null;
  discrepancies: readonly ReportDiscrepancy[];
  discrepancyCount: number;
  unexplainedCount: number;
  criticalPercent: number;
  /** Why there is no verdict; undefined: there is one. */
  unverifiedBecause: string | undefined;
  findings: Findings;
  runId: string | null;
  checkedAt: Date | null;
  verifiedThrough: string | null;
  coverage: number | null;
  method: string | null;
}

export function reportTable(result: TableResult): ReportTable {
  const { sourceRows, targetRows, sourceChecksum, targetChecksum } = result;
  const percent = driftPercent(result.discrepancyCount, result.comparedRows);
  const status = statusOf(result, percent);
  const isVerified = status !== "not_verified";
  return {
    source_table: result.sourceTable,
    target_table: result.targetTable,
    source_row_count: sourceRows,
    target_row_count: targetRows,
    row_count_match: sourceRows === null || targetRows === null ? null : sourceRows === targetRows,
    source_checksum: sourceChecksum,
    target_checksum: targetChecksum,
    checksum_match:
      sourceChecksum === null || targetChecksum === null ? null : sourceChecksum === targetChecksum,
    discrepancies: status === "ok" ? [] : [...result.discrepancies],
    discrepancy_count: result.discrepancyCount,
    unexplained_count: result.unexplainedCount,
    drift_percentage: isVerified ? percent : null,
    status,
    recommended_action: isVerified
      ? adviseAction(result.findings)
      : `Not verified: ${result.unverifiedBecause ?? "it was never checked"}. Check the table before relying on it.`,
    run_id: result.runId,
    checked_at: result.checkedAt,
    verified_through: result.verifiedThrough,
    coverage: result.coverage,
    method: result.method,
  };
}

/**
 * Row counts of an earlier check beside a later result; none where nothing differs any more but they do: the rows were settled
 * since, and nobody has counted again.
 */
export function carriedCounts(
  { sourceRows, targetRows }: Pick<TableResult, "sourceRows" | "targetRows">,
  differing: number,
): Pick<TableResult, "sourceRows" | "targetRows"> {
  if (differing === 0 && sourceRows !== targetRows) return { sourceRows: null, targetRows: null };
  return { sourceRows, targetRows };
}

function statusOf(result: TableResult, percent: number | null): ReportStatus {
  if (result.unverifiedBecause !== undefined) return "not_verified";
  if (result.discrepancyCount === 0) return "ok";
  if (percent !== null && percent > result.criticalPercent) return "critical";
  const { findings } = result;
  return findings.missingInTarget + findings.missingInSource > 0 ? "row_count_mismatch" : "checksum_mismatch";
}

export function composeReport(head: {
  reportId: string;
  generatedAt: Date;
  sourceDatabase: string;
  targetDatabase: string;
  tables: readonly ReportTable[];
}): ReconciliationReport {
  const { tables } = head;
  return {
    report_id: head.reportId,
    generated_at: head.generatedAt,
    source_database: head.sourceDatabase,
    target_database: head.targetDatabase,
    tables: [...tables],
    summary: {
      total_tables: tables.length,
      tables_ok: tables.filter(({ status }) => status === "ok").length,
      tables_with_discrepancies: tables.filter((table) => table.discrepancy_count > 0).length,
      tables_not_verified: tables.filter(({ status }) => status === "not_verified").length,
      total_discrepancies: tables.reduce((sum, table) => sum + table.discrepancy_count, 0),
    },
  };
}

/** A report says how things were; after a day it says so no more. */
export function isFresh({ generated_at }: Pick<ReconciliationReport, "generated_at">, now: Date): boolean {
  const age = now.getTime() - generated_at.getTime();
  return age >= 0 && age <= FRESH_HOURS * 3_600_000;
}
