import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { DatabaseId } from "#domain/databases/schema.ts";
import type { Deps } from "#server/deps.ts";
import { type ConnectorUse, readConnectorUses } from "./read-connector-uses.ts";
import { type DatabaseReference, readReferenceStates } from "./reference-states.ts";
import { type RegisteredDatabase, requireDatabase } from "./registered-database.ts";

export interface DatabaseDetail extends RegisteredDatabase {
  references: DatabaseReference[];
  usedBy: ConnectorUse[];
}

export async function getDatabase(
  deps: Pick<Deps, "db" | "config">,
  actor: Actor,
  { id }: DatabaseId,
): Promise<DatabaseDetail> {
  requirePermission(actor, "console:view");
  const database = await requireDatabase(deps.db, id);
  const [references, uses] = await Promise.all([
    readReferenceStates(deps.db, [database]),
    readConnectorUses(deps.db, deps, [database]),
  ]);
  return { ...database, references: references.get(id) ?? [], usedBy: uses.get(id) ?? [] };
}
