import { z } from "zod";
import type { ClusterFacts, DatabaseConnection } from "./database-connection.ts";
import { POSTGRES_SOURCE_CLASS } from "./effects.ts";
import { type ConnectorConfig, ConnectorName } from "./schema.ts";
import { wholeNumber } from "./whole-number.ts";

export const TableRef = z.object({ schema: z.string().min(1), table: z.string().min(1) });
export type TableRef = z.infer<typeof TableRef>;

/** The guide's answers for a PostgreSQL source. */
export const PostgresSourceAnswers = z.object({
  name: ConnectorName,
  topicPrefix: z
    .string()
    .min(1, "Give the prefix of the topics' names")
    .max(120, "At most 120 characters")
    .regex(/^[A-Za-z0-9._-]+$/, "Letters, digits, dot, dash and underscore"),
  tables: z.array(TableRef).min(1, "Choose at least one table"),
  snapshotMode: z.enum(["initial", "initial_only", "no_data", "when_needed"]),
  slotName: z
    .string()
    .regex(/^[a-z0-9_]{1,63}$/, "Lower-case letters, digits and underscore, at most 63 characters"),
  publicationName: z
    .string()
    .min(1, "Name the publication")
    .max(63, "At most 63 characters")
    .regex(/^[a-z_][a-z0-9_]*$/, "Lower-case letters, digits and underscore; starts with a letter"),
  /** `filtered`: the connector makes and keeps the publication; `disabled`: it exists already. */
  publicationMode: z.enum(["filtered", "disabled"]),
  decimals: z.enum(["precise", "double", "string"]),
  heartbeatSeconds: wholeNumber(0, 3600),
  /** Lets Headgate ask for snapshots of single tables and rows later. */
  signals: z.boolean(),
  /** Any other key of the plugin. */
  extra: z.record(z.string(), z.string()),
});
export type PostgresSourceAnswers = z.infer<typeof PostgresSourceAnswers>;

/** What the guide starts from: one name gives all the others. */
export function defaultPostgresSource(name: string, database: string): PostgresSourceAnswers {
  const identifier = `headgate_${name.toLowerCase().replace(/[^a-z0-9_]/g, "_")}`.slice(0, 63);
  return {
    name,
    topicPrefix: database.replace(/[^A-Za-z0-9._-]/g, "-"),
    tables: [],
    snapshotMode: "initial",
    slotName: identifier,
    publicationName: identifier,
    publicationMode: "filtered",
    decimals: "precise",
    heartbeatSeconds: 10,
    signals: true,
    extra: {},
  };
}

/** `extra` comes last: what a person wrote out wins over what the guide chose. */
export function buildPostgresSource(
  answers: PostgresSourceAnswers,
  database: DatabaseConnection,
  cluster: ClusterFacts,
): ConnectorConfig {
  return {
    "connector.class": POSTGRES_SOURCE_CLASS,
    "tasks.max": "1",
    "database.hostname": database.host,
    "database.port": String(database.port),
    "database.dbname": database.database,
    "database.user": database.userReference,
    "database.password": database.passwordReference,
    "database.sslmode": database.tls,
    ...(database.caFile ? { "database.sslrootcert": database.caFile } : {}),
    "topic.prefix": answers.topicPrefix,
    "plugin.name": "pgoutput",
    "slot.name": answers.slotName,
    "publication.name": answers.publicationName,
    "publication.autocreate.mode": answers.publicationMode,
    "table.include.list": answers.tables.map(tablePattern).join(","),
    "snapshot.mode": answers.snapshotMode,
    "decimal.handling.mode": answers.decimals,
    "schema.name.adjustment.mode": "avro",
    "heartbeat.interval.ms": String(answers.heartbeatSeconds * 1000),
    ...(answers.signals ? signalling(answers.topicPrefix, cluster) : {}),
    ...topicCreation(cluster),
    ...answers.extra,
  };
}

export const signalTopic = (prefix: string) => `${prefix}-signal`;
export const notificationTopic = (prefix: string) => `${prefix}-notification`;

/** Signals over Kafka and a read-only snapshot window need no table in the source (PostgreSQL 13 and later). */
function signalling(prefix: string, cluster: ClusterFacts): ConnectorConfig {
  return {
    "signal.enabled.channels": "kafka",
    "signal.kafka.topic": signalTopic(prefix),
    "signal.kafka.bootstrap.servers": cluster.brokers.join(","),
    ...(cluster.kafkaTls ? { "signal.consumer.security.protocol": "SSL" } : {}),
    "read.only": "true",
    "notification.enabled.channels": "sink",
    "notification.sink.topic.name": notificationTopic(prefix),
  };
}

/** For the topics Connect makes on its own, such as those of tables added later by a pattern. */
function topicCreation(cluster: ClusterFacts): ConnectorConfig {
  return {
    "topic.creation.default.partitions": String(cluster.partitions),
    "topic.creation.default.replication.factor": String(cluster.replicationFactor),
    "topic.creation.default.cleanup.policy": "delete",
    "topic.creation.default.compression.type": kafkaCompression(cluster.compression),
    "topic.creation.default.retention.ms": String(days(cluster.retentionDays)),
  };
}

/** A topic's own word for no compression. */
export function kafkaCompression(compression: string): string {
  return compression === "none" ? "uncompressed" : compression;
}

export function days(count: number): number {
  return Math.round(count * 86_400_000);
}

/** Entries are patterns matched against `schema.table`, separated by commas. */
export function tablePattern({ schema, table }: TableRef): string {
  return `${escapeName(schema)}.${escapeName(table)}`;
}

function escapeName(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\,]/g, "\\$&");
}
