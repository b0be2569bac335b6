import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { readConnectorUses } from "#server/databases/read-connector-uses.ts";
import { toRegistered } from "#server/databases/registered-database.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { readPipelineViews } from "#server/pipelines/read-pipeline-views.ts";
import { firstRunAt, nextRuns } from "./schedule.ts";
import { isMoved, type StoredTable } from "./stored-table.ts";

/**
 * Makes every captured table that a sink reads a table to be checked, hourly unless somebody says otherwise, and forgets
 * none: what the pipelines no longer carry is marked, and what moved is unproven again. Called by the worker; several doing
 * it at once do no harm.
 */
export async function findTables(deps: Pick<Deps, "db" | "config" | "now">): Promise<void> {
  const { db, now } = deps;
  const [views, registered, known] = await Promise.all([
    readPipelineViews(deps),
    db.select().from(databases),
    db.select().from(reconciliationTables),
  ]);
  const uses = await readConnectorUses(db, deps, registered.map(toRegistered));
  const databaseOf = (cluster: string, connector: string) =>
    registered.find(({ id }) =>
      uses.get(id)?.some((use) => use.cluster === cluster && use.name === connector),
    )?.id ?? null;
  const wanted = views.flatMap((view) =>
    view.tables.flatMap((table) =>
      table.sinks.map((sink) => ({
        cluster: view.cluster,
        source: view.source.name,
        name: table.name,
        topic: table.topic,
        sink: sink.name,
        target: sink.target ?? null,
        sourceDatabaseId: databaseOf(view.cluster, view.source.name),
        targetDatabaseId: databaseOf(view.cluster, sink.name),
      })),
    ),
  );
  const byKey = new Map(known.map((row) => [keyOf(row), row]));
  let changed = 0;
  for (const table of wanted) {
    const row = byKey.get(keyOf(table));
    byKey.delete(keyOf(table));
    if (row && row.goneAt === null && isSame(row, table)) continue;
    changed += 1;
    const due = { ...nextRuns(DEFAULT_SETTINGS, keyOf(table), now()), nextRunAt: firstRunAt(now()) };
    await db
      .insert(reconciliationTables)
      .values({ ...table, ...due, settings: DEFAULT_SETTINGS, foundAt: now() })
      .onConflictDoUpdate({
        target: [
          reconciliationTables.cluster,
          reconciliationTables.source,
          reconciliationTables.name,
          reconciliationTables.sink,
        ],
        set: {
          topic: table.topic,
          target: table.target,
          sourceDatabaseId: table.sourceDatabaseId,
          targetDatabaseId: table.targetDatabaseId,
          goneAt: null,
          ...(row ? unprovenBy(row, table, now()) : {}),
        },
      });
  }
  // A cluster that was never observed says nothing about what is gone.
  const seen = new Set(views.map(({ cluster }) => cluster));
  const gone = [...byKey.values()].filter((row) => row.goneAt === null && seen.has(row.cluster));
  if (gone.length > 0) {
    changed += gone.length;
    await db
      .update(reconciliationTables)
      .set({ goneAt: now() })
      .where(
        and(
          isNull(reconciliationTables.goneAt),
          inArray(
            reconciliationTables.id,
            gone.map(({ id }) => id),
          ),
        ),
      );
  }
  if (changed > 0) await notifyChange(db, "reconciliation", "tables");
}

/** Ignored rows whose time is over are open again. */
export async function endIgnoring({ db, now }: Pick<Deps, "db" | "now">): Promise<void> {
  const { rows } = await db.execute<{ table_id: string }>(sql`
    update reconciliation_discrepancies set state = 'open', ignored_until = null
     where state = 'ignored' and ignored_until <= ${now().toISOString()}::timestamptz returning table_id`);
  for (const id of new Set(rows.map((row) => Number(row.table_id)))) await recount(db, id);
}

/** The counters of a table, from its rows. */
export async function recount(db: Pick<Deps["db"], "execute" | "update">, tableId: number): Promise<void> {
  await db
    .update(reconciliationTables)
    .set({
      openUnexplained: sql`(select count(*) from reconciliation_discrepancies d where d.table_id = ${tableId} and d.state = 'open' and d.cause = 'unexplained')`,
      openExplained: sql`(select count(*) from reconciliation_discrepancies d where d.table_id = ${tableId} and d.state = 'open' and d.cause <> 'unexplained')`,
      ignored: sql`(select count(*) from reconciliation_discrepancies d where d.table_id = ${tableId} and d.state = 'ignored')`,
    })
    .where(eq(reconciliationTables.id, tableId));
}

/** What was proven of other places says nothing of these; while a table was gone, its topic carried nothing. */
function unprovenBy(row: StoredTable, table: Found, now: Date): Partial<StoredTable> {
  const { settings, nextRunAt } = row;
  const isScheduled = settings.enabled && settings.window === null && nextRunAt !== null;
  const soon = { lastFullRunId: null, ...(isScheduled ? { nextRunAt: firstRunAt(now) } : {}) };
  if (!isMoved(row, table)) return soon;
  return {
    ...soon,
    lastRunId: null,
    lastVerifiedRunId: null,
    verifiedAt: null,
    verifiedThrough: null,
    touchedThrough: null,
    comparedRows: null,
    sourceRows: null,
    targetRows: null,
    countDifference: 0,
    criticalSince: null,
  };
}

function keyOf(table: { cluster: string; source: string; name: string; sink: string }): string {
  return [table.cluster, table.source, table.name, table.sink].join("\n");
}

type Found = Pick<
  typeof reconciliationTables.$inferSelect,
  "topic" | "target" | "sourceDatabaseId" | "targetDatabaseId"
>;

function isSame(a: Found, b: Found): boolean {
  return (
    a.topic === b.topic &&
    a.target === b.target &&
    a.sourceDatabaseId === b.sourceDatabaseId &&
    a.targetDatabaseId === b.targetDatabaseId
  );
}
