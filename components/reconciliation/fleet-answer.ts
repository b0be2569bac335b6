import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import type { Fleet } from "./reconciliation-outputs.ts";

/** Whether every table is proven equal, in a sentence; what nobody knows is never called equal. */
export function fleetAnswer({ tables, states, unexplainedRows, unexplainedPercent }: Fleet): string {
  if (tables === 0) return "No table is carried by a source and a sink yet, so there is nothing to compare.";
  const unknown = states.not_checked + states.not_verifiable + states.stale + states.running;
  const parts = [`${formatCount(states.ok)} of ${formatCounted(tables, "table")} proven equal`];
  if (states.drift_unexplained > 0)
    parts.push(
      `${formatCounted(unexplainedRows, "row")} of ${formatCount(states.drift_unexplained)} drift without an explanation (${formatDrift(unexplainedPercent)})`,
    );
  if (states.drift_explained > 0)
    parts.push(`${formatCount(states.drift_explained)} drift with an explanation`);
  if (unknown > 0) parts.push(`${formatCount(unknown)} not known`);
  return `${parts.join("; ")}.`;
}
