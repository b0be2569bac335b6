import { estimateCheck } from "#domain/reconciliation/estimate.ts";
import type { RunEstimate } from "#domain/reconciliation/run.ts";
import type { Deps } from "#server/deps.ts";
import { openEnds } from "./open-ends.ts";
import type { StoredTable } from "./stored-table.ts";

/** What a full check of the table is expected to cost, from both catalogues; reads no row. */
export async function estimateTable(
  deps: Pick<Deps, "db" | "vault">,
  table: StoredTable,
): Promise<RunEstimate> {
  const ends = await openEnds(deps, table);
  const signal = AbortSignal.timeout(20_000);
  const [source, target] = await Promise.all([ends.source.describe(signal), ends.target.describe(signal)]);
  return estimateCheck({
    method: table.settings.method,
    rows: Math.max(source.estimatedRows ?? 0, target.estimatedRows ?? 0),
    isSameEngine: ends.source.engine === ends.target.engine,
    rowsPerSecond: table.settings.throttle.rowsPerSecond,
    sampleRows: table.settings.sampleRows,
  });
}
