import { readsTopic } from "#domain/catalog/derive-pipelines.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { Deps } from "#server/deps.ts";

/**
 * Which sink takes a topic's records now. A sink that was renamed is another one to Kafka Connect, with a group of its
 * own: what failed under the old name is confirmed by the one that has taken over its topic.
 */
export async function findSinksNow(
  { pool }: Pick<Deps, "pool">,
  cluster: string,
): Promise<(connector: string, topic: string) => string> {
  const { rows } = await pool.query<{ name: string; config: ConnectorConfig }>(
    "select name, config from observed_connectors where cluster = $1 and type = 'sink' order by name",
    [cluster],
  );
  const names = new Set(rows.map((row) => row.name));
  return (connector, topic) =>
    connector === "" || names.has(connector)
      ? connector
      : (rows.find((row) => readsTopic(row.config, topic))?.name ?? connector);
}
