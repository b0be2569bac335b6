import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import type { Fleet } from "./reconciliation-outputs.ts";

/** Whether every table is proven equal, in a sentence; what nobody knows is never called equal. */
export function fleetAnswer(fleet: Fleet): string {
  const { tables, states, unexplainedRows, unexplainedPercent } = fleet;
  if (tables === 0) return "No table is carried by a source and a sink yet, so there is nothing to compare.";
  const parts = [`${formatCount(states.ok)} of ${formatCounted(tables, "table")} proven equal`];
  if (states.drift_unexplained > 0)
    parts.push(
      `${formatCount(states.drift_unexplained)} with drift that nothing explains (${formatCounted(unexplainedRows, "row")}, ${formatDrift(unexplainedPercent)})`,
    );
  if (states.drift_explained > 0)
    parts.push(`${formatCount(states.drift_explained)} with drift that is explained`);
  const unknown = unknownTables(fleet);
  if (unknown > 0) parts.push(`${formatCount(unknown)} not known`);
  return `${parts.join("; ")}.`;
}

/** Tables of which nobody can say that they are equal, nor that they differ. */
export function unknownTables({ states }: Pick<Fleet, "states">): number {
  return states.not_checked + states.not_verifiable + states.stale + states.running;
}
