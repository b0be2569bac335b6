import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { FLOW_STATUSES, type FlowStatus } from "#domain/pipelines/pipeline-view.ts";

const WORDS: Record<FlowStatus, string> = {
  failed: "failed",
  degraded: "late or degraded",
  held: "held",
  unknown: "not known",
  working: "in their snapshot",
  healthy: "flowing",
};

/** The first line of the list: what needs somebody, or that nothing does. */
export function listAnswer(rows: readonly { status: FlowStatus }[], total: number): string {
  if (total === 0) return "No pipeline is known yet.";
  if (rows.length < total) return `${formatCounted(total, "pipeline")}, worst first.`;
  const counts = FLOW_STATUSES.map((status) => ({
    status,
    count: rows.filter((row) => row.status === status).length,
  })).filter(({ count }) => count > 0);
  if (counts.length === 1 && counts[0]?.status === "healthy")
    return total === 1 ? "The one pipeline flows." : `All ${formatCount(total)} pipelines flow.`;
  return `${counts.map(({ status, count }) => `${formatCount(count)} ${WORDS[status]}`).join(", ")}.`;
}
