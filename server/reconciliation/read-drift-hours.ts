import { and, gt, inArray, lte, ne, sql } from "drizzle-orm";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import type { Deps } from "#server/deps.ts";

const HOURS = 24;
const HOUR_MS = 3_600_000;

/** Largest unexplained drift of each of the last 24 hours, oldest first, in percent; null: nobody compared rows then. */
export type DriftHours = (number | null)[];

/** For the tables of a page. Reads the runs of one day by their index, however long the history is. */
export async function readDriftHours(
  { db, now }: Pick<Deps, "db" | "now">,
  tableIds: readonly number[],
): Promise<Map<number, DriftHours>> {
  const at = now();
  const from = new Date(at.getTime() - HOURS * HOUR_MS);
  const hour = sql<number>`floor(extract(epoch from ${reconciliationRuns.endedAt} - ${from.toISOString()}::timestamptz) / 3600)::int`;
  const found = await db
    .select({
      tableId: reconciliationRuns.tableId,
      hour,
      percent: sql<number | null>`max(${reconciliationRuns.unexplainedPercent})`,
    })
    .from(reconciliationRuns)
    .where(
      and(
        gt(reconciliationRuns.endedAt, from),
        lte(reconciliationRuns.endedAt, at),
        ne(reconciliationRuns.scope, "keys"),
        sql`${reconciliationRuns.isVerified}`,
        inArray(reconciliationRuns.tableId, [...tableIds]),
      ),
    )
    .groupBy(reconciliationRuns.tableId, sql`2`);
  const hours = new Map(
    tableIds.map((id): [number, DriftHours] => [id, Array.from({ length: HOURS }, () => null)]),
  );
  for (const { tableId, hour: place, percent } of found) {
    const of = hours.get(tableId);
    if (of) of[Math.min(place, HOURS - 1)] = percent;
  }
  return hours;
}
