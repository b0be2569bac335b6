import { z } from "zod";
import type { ClusterFacts, DatabaseConnection } from "./database-connection.ts";
import { JDBC_SINK_CLASS } from "./effects.ts";
import { type ConnectorConfig, ConnectorName } from "./schema.ts";
import { wholeNumber } from "./whole-number.ts";

/** How the sink names the tables it writes. */
export const TableNaming = z.discriminatedUnion("kind", [
  /** Schema and table as at the source; the schemas must exist. */
  z.object({ kind: z.literal("as-source") }),
  /** All tables in one schema of the target, with the source's table names. */
  z.object({
    kind: z.literal("in-schema"),
    schema: z
      .string()
      .min(1, "Name the schema of the target")
      .max(63, "At most 63 characters")
      .regex(/^[^\s./:<>"'`${}]+$/, "A schema's name alone, without dots, quotes, spaces or placeholders"),
  }),
  /** The topic's name with underscores for dots. */
  z.object({ kind: z.literal("as-topic") }),
  z.object({
    kind: z.literal("custom"),
    format: z
      .string()
      .min(1, "Write the format, for example ${topic}")
      .max(200, "At most 200 characters")
      .regex(/^[^\s/:<>]+$/, "Names and placeholders alone, for example ${source.schema}.${source.table}"),
  }),
]);
export type TableNaming = z.infer<typeof TableNaming>;

/** The guide's answers for a Debezium JDBC sink. */
export const JdbcSinkAnswers = z.object({
  name: ConnectorName,
  topics: z.array(z.string().min(1)).min(1, "Choose at least one topic"),
  insertMode: z.enum(["upsert", "insert", "update"]),
  deletes: z.boolean(),
  naming: TableNaming,
  /** `basic` creates tables and adds columns; `none` stops at what the target does not have. */
  schemaEvolution: z.enum(["basic", "none"]),
  quoteIdentifiers: z.boolean(),
  tasks: wholeNumber(1, 64),
  batchSize: wholeNumber(1, 10_000),
  deadLetterTopic: z
    .string()
    .min(1, "Name the dead-letter topic")
    .max(249, "At most 249 characters")
    .regex(/^[A-Za-z0-9._-]+$/, "Letters, digits, dot, dash and underscore"),
  extra: z.record(z.string(), z.string()),
});
export type JdbcSinkAnswers = z.infer<typeof JdbcSinkAnswers>;

export function defaultJdbcSink(name: string): JdbcSinkAnswers {
  return {
    name,
    topics: [],
    insertMode: "upsert",
    deletes: true,
    naming: { kind: "in-schema", schema: "public" },
    schemaEvolution: "basic",
    quoteIdentifiers: true,
    tasks: 1,
    batchSize: 3000,
    deadLetterTopic: deadLetterTopicOf(name),
    extra: {},
  };
}

export const deadLetterTopicOf = (connector: string) => `dlq-${connector}`;

/** `extra` comes last: what a person wrote out wins over what the guide chose. */
export function buildJdbcSink(
  answers: JdbcSinkAnswers,
  database: DatabaseConnection,
  cluster: ClusterFacts,
): ConnectorConfig {
  return {
    "connector.class": JDBC_SINK_CLASS,
    "tasks.max": String(answers.tasks),
    topics: answers.topics.join(","),
    "connection.url": postgresUrl(database),
    "connection.username": database.userReference,
    "connection.password": database.passwordReference,
    "insert.mode": answers.insertMode,
    "primary.key.mode": "record_key",
    "delete.enabled": String(answers.deletes),
    "schema.evolution": answers.schemaEvolution,
    "collection.name.format": nameFormat(answers.naming),
    "quote.identifiers": String(answers.quoteIdentifiers),
    "batch.size": String(answers.batchSize),
    "use.time.zone": "UTC",
    "errors.tolerance": "all",
    "errors.deadletterqueue.topic.name": answers.deadLetterTopic,
    "errors.deadletterqueue.topic.replication.factor": String(cluster.replicationFactor),
    "errors.deadletterqueue.context.headers.enable": "true",
    "errors.log.enable": "true",
    "errors.log.include.messages": "false",
    ...(cluster.overrides.includes("max.poll.records")
      ? { "consumer.override.max.poll.records": String(answers.batchSize) }
      : {}),
    ...answers.extra,
  };
}

function nameFormat(naming: TableNaming): string {
  switch (naming.kind) {
    case "as-source":
      return "${source.schema}.${source.table}";
    case "in-schema":
      return `${naming.schema}.\${source.table}`;
    case "as-topic":
      return "${topic}";
    case "custom":
      return naming.format;
  }
}

function postgresUrl({ host, port, database, tls, caFile }: DatabaseConnection): string {
  const address = host.includes(":") ? `[${host}]` : host;
  const query = new URLSearchParams({ sslmode: tls, ...(caFile ? { sslrootcert: caFile } : {}) });
  return `jdbc:postgresql://${address}:${port}/${encodeURIComponent(database)}?${query}`;
}
