import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { Report } from "./reconciliation-outputs.ts";

/** What a report comes to, in a sentence; a table nobody could verify is never among the equal ones. */
export function reportAnswer({ summary }: Pick<Report["report"], "summary">): string {
  const parts = [
    `${formatCount(summary.tables_ok)} of ${formatCounted(summary.total_tables, "table")} ${summary.tables_ok === 1 || summary.total_tables === 1 ? "was" : "were"} equal`,
  ];
  if (summary.tables_with_discrepancies > 0)
    parts.push(
      `${formatCount(summary.tables_with_discrepancies)} with ${formatCounted(summary.total_discrepancies, "differing row")}`,
    );
  if (summary.tables_not_verified > 0) parts.push(`${formatCount(summary.tables_not_verified)} not verified`);
  return `${parts.join("; ")}.`;
}
