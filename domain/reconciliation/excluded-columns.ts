import type { TableSettings } from "./schema.ts";

/** Whether a column is compared after a change of the settings that was left out before: no check so far speaks of it. */
export function comparesAgain(
  before: Pick<TableSettings, "excludedColumns">,
  after: Pick<TableSettings, "excludedColumns">,
): boolean {
  const left = new Set(after.excludedColumns.map(({ column }) => column));
  return before.excludedColumns.some(({ column }) => !left.has(column));
}
