import { stringify } from "csv-stringify/sync";
import type { runItems } from "#db/schema/plans.ts";

export const csvHeader = stringify([["position", "step", "key", "state", "message", "detail"]]);

/** A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvLines(items: readonly (typeof runItems.$inferSelect)[]): string {
  const rows = items.map((item) => [
    item.position,
    item.stepPosition + 1,
    item.key,
    item.state,
    item.message,
    item.detail ? JSON.stringify(item.detail) : "",
  ]);
  return stringify(rows, { escape_formulas: true });
}
