import type pg from "pg";
import { readsTopic } from "#domain/catalog/derive-pipelines.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import { REDACTED } from "#domain/observability/redact-observed.ts";

interface KnownSink {
  name: string;
  config: ConnectorConfig;
  is_there: boolean;
}

/**
 * Which sink takes a topic's records now. A sink that was renamed is another one to Kafka Connect, with a group of its
 * own: what failed under the old name is confirmed by the one that has taken over its topic and writes to the same
 * target. Where several do, or none, nobody knows which of them that is, and none confirms.
 */
export async function findSinksNow(
  { pool }: { pool: Pick<pg.ClientBase, "query"> },
  cluster: string,
): Promise<(connector: string, topic: string) => string> {
  const { rows } = await pool.query<KnownSink>(
    "select name, config, removed_at is null as is_there from observed_connectors where cluster = $1 and type = 'sink'",
    [cluster],
  );
  const sinks = new Map(rows.map((row) => [row.name, row]));
  const answers = new Map<string, string>();
  const find = (connector: string, topic: string): string => {
    const known = sinks.get(connector);
    const target = known && targetOf(known.config);
    if (!known || known.is_there || target === undefined) return connector;
    const [successor, another] = rows.filter(
      (row) => row.is_there && targetOf(row.config) === target && readsTopic(row.config, topic),
    );
    return successor && !another ? successor.name : connector;
  };
  return (connector, topic) => {
    const key = `${connector} ${topic}`;
    const answer = answers.get(key) ?? find(connector, topic);
    answers.set(key, answer);
    return answer;
  };
}

const ADDRESSES = ["connection.url", "connection.uri", "mongodb.connection.string"];
const TABLES = ["collection.name.format", "table.name.format"];

/** Where a sink writes, as one text; undefined where its configuration does not tell. */
function targetOf(config: ConnectorConfig): string | undefined {
  const plugin = config["connector.class"];
  const address = ADDRESSES.map((key) => config[key]).find((value) => value !== undefined);
  if (!plugin || !address || address === REDACTED) return undefined;
  return [plugin, address, ...TABLES.map((key) => config[key] ?? "")].join("\n");
}
