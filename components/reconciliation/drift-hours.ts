import { formatCounted } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import type { CheckedTableRow } from "./reconciliation-outputs.ts";

type Hours = CheckedTableRow["hours"];

/** The largest drift of these hours; null where nobody compared rows in any of them. */
export function worstHour(hours: Hours): number | null {
  const known = hours.filter((percent) => percent !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The hours in a sentence: those nobody checked are told, never counted as equal. */
export function hoursWords(hours: Hours): string {
  const worst = worstHour(hours);
  if (worst === null) return `Not checked in ${hours.length} h`;
  const unknown = hours.filter((percent) => percent === null).length;
  const gaps = unknown > 0 ? `; ${formatCounted(unknown, "hour")} not checked` : "";
  return `At most ${formatDrift(worst)} unexplained in ${hours.length} h, ${newest(hours)}${gaps}`;
}

function newest(hours: Hours): string {
  const last = hours.at(-1) ?? null;
  return last === null ? "the last hour not checked" : `${formatDrift(last)} in the last hour`;
}
