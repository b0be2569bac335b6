import { listOf, literalTable, topicName } from "../connectors/produced-topics.ts";
import type { ConnectorConfig } from "../connectors/schema.ts";
import { type SourceTable, targetTable } from "./target-table.ts";
import { flattens, routedTopic } from "./topic-routing.ts";

export type Engine =
  | "postgresql"
  | "mysql"
  | "mariadb"
  | "sqlserver"
  | "oracle"
  | "mongodb"
  | "cassandra"
  | "other";

export interface SeenConnector {
  name: string;
  type: "source" | "sink" | "unknown";
  config: ConnectorConfig;
}

export interface SeenTopics {
  /** Every topic of the cluster; empty while Kafka has not answered yet. */
  existing: readonly string[];
  /** Topics that Connect saw a source write to, by connector. */
  written: Readonly<Record<string, readonly string[]>>;
}

export interface DerivedSink {
  name: string;
  /** Where the rows go; missing when transforms or a naming strategy decide it at run time. */
  target?: string;
  /** What identifies a row in the target, as the sink is told: `record_key`, `record_value(id)`… */
  key?: string;
}

export interface DerivedTable {
  /** As the source calls it, without the topic prefix: `public.customers`. */
  name: string;
  topic: string;
  sinks: DerivedSink[];
}

export interface DerivedPipeline {
  source: string;
  engine: Engine;
  prefix: string;
  tables: DerivedTable[];
  sinks: string[];
  deadLetterTopics: { topic: string; sinks: string[] }[];
  notificationTopic?: string;
}

const ENGINES: readonly [RegExp, Engine][] = [
  [/postgresql\.PostgresConnector$/, "postgresql"],
  [/mysql\.MySqlConnector$/, "mysql"],
  [/mariadb\.MariaDbConnector$/, "mariadb"],
  [/sqlserver\.SqlServerConnector$/, "sqlserver"],
  [/oracle\.OracleConnector$/, "oracle"],
  [/mongodb\.MongoDbConnector$/, "mongodb"],
  [/cassandra\.\w+Connector\w*$/, "cassandra"],
];

/** Parts of a table's name in its topic, after the prefix. */
const NAME_PARTS: Record<Engine, number> = {
  postgresql: 2,
  mysql: 2,
  mariadb: 2,
  sqlserver: 3,
  oracle: 2,
  mongodb: 2,
  cassandra: 2,
  other: 1,
};

export function engineOf(config: ConnectorConfig): Engine {
  const plugin = config["connector.class"] ?? "";
  return ENGINES.find(([pattern]) => pattern.test(plugin))?.[1] ?? "other";
}

/**
 * Pipelines are not configured anywhere: one source, its topics, the sinks that read any of them and their dead-letter
 * topics, read from the configurations alone. Connectors that Headgate did not make count like any other.
 */
export function derivePipelines(connectors: readonly SeenConnector[], topics: SeenTopics): DerivedPipeline[] {
  const sinks = connectors.filter((connector) => connector.type === "sink");
  const byTheSide = sideTopics(connectors);
  return connectors
    .filter((connector) => connector.type === "source")
    .map((source) => derivePipeline(source, sinks, topics, byTheSide))
    .sort((a, b) => a.source.localeCompare(b.source));
}

function derivePipeline(
  { name, config }: SeenConnector,
  sinks: readonly SeenConnector[],
  topics: SeenTopics,
  byTheSide: ReadonlySet<string>,
): DerivedPipeline {
  const engine = engineOf(config);
  const prefix = config["topic.prefix"] ?? "";
  const flattened = flattens(config);
  const found = tableTopics(config, engine, topics.existing, topics.written[name] ?? []);
  const tables = [...found]
    .filter(([topic]) => !byTheSide.has(topic))
    .map(([topic, table]): DerivedTable => {
      const origin = sourceTable(engine, table, topic, flattened);
      const readers = sinks
        .filter((sink) => readsTopic(sink.config, topic))
        .map((sink) => derivedSink(sink, origin));
      return { name: table, topic, sinks: readers };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
  const attached = [...new Set(tables.flatMap((table) => table.sinks.map((sink) => sink.name)))].sort();
  const notificationTopic = config["notification.sink.topic.name"];
  return {
    source: name,
    engine,
    prefix,
    tables,
    sinks: attached,
    deadLetterTopics: deadLetterTopics(sinks.filter((sink) => attached.includes(sink.name))),
    ...(notificationTopic ? { notificationTopic } : {}),
  };
}

/** Topic → table. A table named in the configuration is there before its first event has made the topic. */
function tableTopics(
  config: ConnectorConfig,
  engine: Engine,
  existing: readonly string[],
  written: readonly string[],
): Map<string, string> {
  const prefix = config["topic.prefix"] ?? "";
  const tables = new Map<string, string>();
  const add = (topic: string, table: string) => {
    if (!tables.has(topic)) tables.set(topic, table);
  };
  // SQL Server's list leaves the database out, so its topics are known only once they exist.
  if (engine !== "other" && engine !== "sqlserver") {
    for (const entry of includeList(config)) {
      const named = literalTable(entry);
      const topic = named ? routedTopic(config, topicName(prefix, ...named)) : undefined;
      if (named && topic) add(topic, named.join("."));
    }
  }
  const own = (topic: string) => prefix !== "" && topic.startsWith(`${prefix}.`);
  const inner = (topic: string) => topic.slice(prefix.length + 1);
  for (const topic of engine === "other" ? [] : existing) {
    if (own(topic) && isTableName(engine, inner(topic)) && captures(config, inner(topic)))
      add(topic, inner(topic));
  }
  for (const topic of written) {
    if (!own(topic)) add(topic, topic);
    else if (isTableName(engine, inner(topic))) add(topic, inner(topic));
  }
  return tables;
}

function isTableName(engine: Engine, name: string): boolean {
  return name.split(".").length >= NAME_PARTS[engine];
}

function includeList(config: ConnectorConfig): string[] {
  return listOf(config["table.include.list"] ?? config["collection.include.list"]);
}

/** Debezium's filters: tables by full name, or by whole schemas or databases. */
function captures(config: ConnectorConfig, table: string): boolean {
  // SQL Server's topics begin with the database, its lists with the schema.
  const names = [table, table.split(".").slice(-2).join(".")];
  const included = includeList(config);
  if (included.length > 0) return included.some((entry) => names.some((name) => matches(entry, name)));
  const excluded = listOf(config["table.exclude.list"] ?? config["collection.exclude.list"]);
  if (excluded.some((entry) => names.some((name) => matches(entry, name)))) return false;
  const outer = table.split(".").slice(0, -1);
  for (const kind of ["schema", "database"]) {
    const wanted = listOf(config[`${kind}.include.list`]);
    if (wanted.length > 0 && !wanted.some((entry) => outer.some((part) => matches(entry, part))))
      return false;
    const refused = listOf(config[`${kind}.exclude.list`]);
    if (refused.some((entry) => outer.some((part) => matches(entry, part)))) return false;
  }
  return true;
}

function matches(entry: string, name: string): boolean {
  const literal = literalTable(entry);
  if (literal && topicName(...literal) === name) return true;
  try {
    return new RegExp(`^(?:${entry})$`, "i").test(name);
  } catch {
    return false; // A Java pattern JavaScript cannot read names nothing for sure.
  }
}

function sourceTable(engine: Engine, table: string, topic: string, flattened: boolean): SourceTable {
  const parts = table.split(".");
  const last = parts.at(-1) ?? table;
  const outer = parts.slice(0, -1);
  if (engine === "sqlserver") return { topic, database: outer[0], schema: outer[1], table: last, flattened };
  if (engine === "postgresql" || engine === "oracle")
    return { topic, schema: outer[0], table: last, flattened };
  return { topic, database: outer[0], table: last, flattened };
}

function derivedSink({ name, config }: SeenConnector, source: SourceTable): DerivedSink {
  const target = targetTable(config, source);
  const mode = config["primary.key.mode"] ?? config["pk.mode"];
  const fields = config["primary.key.fields"] ?? config["pk.fields"];
  return {
    name,
    ...(target ? { target } : {}),
    ...(mode && mode !== "none" ? { key: fields ? `${mode}(${fields})` : mode } : {}),
  };
}

/** Whether a sink of this configuration takes records from a topic. */
export function readsTopic(sink: ConnectorConfig, topic: string): boolean {
  if (listOf(sink.topics).includes(topic)) return true;
  const pattern = sink["topics.regex"];
  if (!pattern) return false;
  try {
    return new RegExp(`^(?:${pattern})$`).test(topic);
  } catch {
    return false;
  }
}

function deadLetterTopics(sinks: readonly SeenConnector[]): DerivedPipeline["deadLetterTopics"] {
  const bySink = new Map<string, string[]>();
  for (const { name, config } of sinks) {
    const topic = config["errors.deadletterqueue.topic.name"];
    if (topic) bySink.set(topic, [...(bySink.get(topic) ?? []), name]);
  }
  return [...bySink].map(([topic, names]) => ({ topic, sinks: names }));
}

/** Topics that carry no table although they may carry a prefix. */
function sideTopics(connectors: readonly SeenConnector[]): Set<string> {
  const keys = [
    "errors.deadletterqueue.topic.name",
    "notification.sink.topic.name",
    "signal.kafka.topic",
    "schema.history.internal.kafka.topic",
  ];
  return new Set(connectors.flatMap(({ config }) => keys.flatMap((key) => config[key] ?? [])));
}
