import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { CatalogTable } from "#domain/databases/catalog-table.ts";
import type { TableListQuery } from "#domain/databases/schema.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { listCatalogTables as listMariadbTables } from "#server/mariadb/list-tables.ts";
import { listCatalogTables } from "#server/postgres/list-tables.ts";
import { requireDatabase } from "./registered-database.ts";
import { withReadonlyConnection } from "./with-readonly-connection.ts";
import { withReadonlyMariadb } from "./with-readonly-mariadb.ts";

export interface TableListing {
  tables: CatalogTable[];
  /** How many match, whatever the limit. */
  total: number;
  readAt: Date;
}

/** The database's own catalogue as it is now: tables with sizes, keys and replica identity. */
export async function listTables(
  deps: Pick<Deps, "db" | "vault" | "readonlyPools" | "limits" | "now">,
  actor: Actor,
  { id, search, limit }: TableListQuery,
): Promise<TableListing> {
  requirePermission(actor, "console:view");
  await limitExpensive(deps, actor, "databases.tables");
  const database = await requireDatabase(deps.db, id);
  const found =
    database.engine === "mariadb"
      ? await withReadonlyMariadb(deps, database, (client) => listMariadbTables(client, { search, limit }))
      : await withReadonlyConnection(deps, database, (client) =>
          listCatalogTables(client, { search, limit }),
        );
  return { ...found, readAt: deps.now() };
}
