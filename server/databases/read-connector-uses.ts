import { and, isNull, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { observedConnectors } from "#db/schema/observed.ts";
import { usesDatabase } from "#domain/databases/connector-use.ts";
import type { Deps } from "#server/deps.ts";
import type { RegisteredDatabase } from "./registered-database.ts";

export interface ConnectorUse {
  cluster: string;
  name: string;
  type: "source" | "sink" | "unknown";
}

/** Which connectors, as last observed, work with each of these databases; by the database's id. */
export async function readConnectorUses(
  db: DbOrTx,
  { config }: Pick<Deps, "config">,
  registered: readonly RegisteredDatabase[],
): Promise<Map<string, ConnectorUse[]>> {
  const at = (key: string) => sql<string | null>`${observedConnectors.config}->>${sql.raw(`'${key}'`)}`;
  const rows = await db
    .select({
      cluster: observedConnectors.cluster,
      name: observedConnectors.name,
      type: observedConnectors.type,
      hostname: at("database.hostname"),
      port: at("database.port"),
      database: at("database.dbname"),
      url: at("connection.url"),
      password: sql<
        string | null
      >`coalesce(${observedConnectors.config}->>'database.password', ${observedConnectors.config}->>'connection.password')`,
    })
    .from(observedConnectors)
    .where(
      and(
        isNull(observedConnectors.removedAt),
        sql`${observedConnectors.config} ?| array['database.hostname', 'connection.url']`,
      ),
    )
    .orderBy(observedConnectors.cluster, observedConnectors.name);
  const providers = new Map(config.clusters.map(({ name, configProvider }) => [name, configProvider]));
  const uses = new Map<string, ConnectorUse[]>(registered.map(({ id }) => [id, []]));
  for (const { cluster, name, type, ...connection } of rows) {
    for (const database of registered) {
      if (database.cluster !== cluster) continue;
      if (!usesDatabase(connection, database, providers.get(cluster) ?? "vault")) continue;
      uses.get(database.id)?.push({ cluster, name, type });
    }
  }
  return uses;
}
