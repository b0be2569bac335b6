import { eq } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import { readConnectorUses } from "#server/databases/read-connector-uses.ts";
import { toRegistered } from "#server/databases/registered-database.ts";
import { withReadonlyConnection } from "#server/databases/with-readonly-connection.ts";
import type { Deps } from "#server/deps.ts";
import type { RereadSource } from "./find-reread-source.ts";

/**
 * Lets something happen in the log of a quiet PostgreSQL source, where it is registered: a read-only snapshot ends its
 * window with the next transaction, and Debezium 3.6 stops if the last thing in the log lay outside of any. A message in
 * the log needs no right to write; undefined where this cannot be done, and then the connector's heartbeat has to do.
 */
export async function findNudge(
  deps: Pick<Deps, "db" | "config" | "vault" | "readonlyPools">,
  { cluster, connector }: RereadSource,
): Promise<(() => Promise<void>) | undefined> {
  const registered = (await deps.db.select().from(databases).where(eq(databases.cluster, cluster))).map(
    toRegistered,
  );
  const uses = await readConnectorUses(deps.db, deps, registered);
  const database = registered.find(
    ({ id, engine }) =>
      engine === "postgresql" &&
      uses.get(id)?.some((use) => use.cluster === cluster && use.name === connector && use.type === "source"),
  );
  if (!database) return undefined;
  return async () => {
    // A source that cannot be reached this way is only slower.
    await withReadonlyConnection(deps, database, (client) =>
      client.query("select pg_logical_emit_message(true, 'headgate', 'reread')"),
    ).catch(() => undefined);
  };
}
