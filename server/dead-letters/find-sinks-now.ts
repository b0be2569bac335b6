import { readsTopic } from "#domain/catalog/derive-pipelines.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { Deps } from "#server/deps.ts";

/**
 * Which sink takes a topic's records now. A sink that was renamed is another one to Kafka Connect, with a group of its
 * own: what failed under the old name is confirmed by the one that has taken over its topic. Where several read it,
 * nobody knows which of them that is, and none confirms.
 */
export async function findSinksNow(
  { pool }: Pick<Deps, "pool">,
  cluster: string,
): Promise<(connector: string, topic: string) => string> {
  const { rows } = await pool.query<{ name: string; config: ConnectorConfig }>(
    "select name, config from observed_connectors where cluster = $1 and type = 'sink' and removed_at is null",
    [cluster],
  );
  const names = new Set(rows.map((row) => row.name));
  return (connector, topic) => {
    if (connector === "" || names.has(connector)) return connector;
    const [successor, another] = rows.filter((row) => readsTopic(row.config, topic));
    return successor && !another ? successor.name : connector;
  };
}
