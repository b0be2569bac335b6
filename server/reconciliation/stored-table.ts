import { eq } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { reconciliationTables } from "#db/schema/reconciliation.ts";
import { AppError } from "#domain/errors/app-error.ts";

export type StoredTable = typeof reconciliationTables.$inferSelect;

/** For verbs: the caller has checked the permission. */
export async function requireCheckedTable(db: DbOrTx, id: number): Promise<StoredTable> {
  const [row] = await db.select().from(reconciliationTables).where(eq(reconciliationTables.id, id));
  if (row) return row;
  throw new AppError("not_found", "There is no such table among those that are checked");
}

/** Seed of the table's own minute in its schedules. */
export function seedOf({ cluster, source, name, sink }: StoredTable): string {
  return [cluster, source, name, sink].join("\n");
}

/** Why nothing can be compared, in one sentence; null: it can. */
export function obstacleOf(table: StoredTable): string | null {
  if (table.goneAt !== null) return "The pipeline no longer carries this table";
  if (table.target === null)
    return `Where ${table.sink} writes this table is decided while it runs, so there is nothing to compare with`;
  if (table.sourceDatabaseId === null)
    return `The database that ${table.source} reads is not registered, so it cannot be read`;
  if (table.targetDatabaseId === null)
    return `The database that ${table.sink} writes is not registered, so it cannot be read`;
  return null;
}

type Places = Pick<StoredTable, "topic" | "target" | "sourceDatabaseId" | "targetDatabaseId">;

/** Whether something else is compared than before; what is unknown now was not moved. */
export function isMoved(before: Places, now: Places): boolean {
  const differs = (place: keyof Places) =>
    before[place] !== null && now[place] !== null && before[place] !== now[place];
  return differs("topic") || differs("target") || differs("sourceDatabaseId") || differs("targetDatabaseId");
}
