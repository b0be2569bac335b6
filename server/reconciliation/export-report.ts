import { stringify } from "csv-stringify/sync";
import type { Actor } from "#domain/access/permissions.ts";
import type { ReportId } from "#domain/reconciliation/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { getReport } from "./reports.ts";

export type ReportFormat = "json" | "csv";

/** A report as a file. JSON has the seed's fields; CSV has one line per differing row, and one for a table without any. */
export async function exportReport(
  deps: Pick<Deps, "db" | "now">,
  actor: Actor,
  { id, format }: ReportId & { format: ReportFormat },
): Promise<{ text: string; fileName: string }> {
  const { report, cluster, pipeline } = await getReport(deps, actor, { id });
  await appendAudit(deps.db, actor, {
    action: "reconciliation.export",
    subject: { cluster, pipeline, report: id },
    outcome: "succeeded",
    detail: { format },
  });
  const fileName = `headgate-reconciliation-${id}.${format}`;
  if (format === "json") return { fileName, text: `${JSON.stringify(report, null, 2)}\n` };
  const lines = report.tables.flatMap((table) => {
    const head = [
      report.report_id,
      report.generated_at.toISOString(),
      table.source_table,
      table.target_table,
      table.status,
      table.source_row_count,
      table.target_row_count,
      table.drift_percentage,
      table.recommended_action,
      table.checked_at?.toISOString() ?? "",
      table.verified_through ?? "",
    ];
    const rows = table.discrepancies.map((row) => [
      JSON.stringify(row.primary_key),
      row.mismatch_type,
      row.columns.join(" "),
      row.reason ?? "",
      row.cause,
      row.state,
    ]);
    return (rows.length > 0 ? rows : [["", "", "", "", "", ""]]).map((row) => [...head, ...row]);
  });
  const columns = [
    "report_id",
    "generated_at",
    "source_table",
    "target_table",
    "status",
    "source_row_count",
    "target_row_count",
    "drift_percentage",
    "recommended_action",
    "checked_at",
    "verified_through",
    "primary_key",
    "mismatch_type",
    "columns",
    "reason",
    "cause",
    "state",
  ];
  // A cell that a spreadsheet would take for a formula is text.
  return { fileName, text: stringify([columns, ...lines], { escape_formulas: true }) };
}
