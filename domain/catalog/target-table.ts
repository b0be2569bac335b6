import type { ConnectorConfig } from "../connectors/schema.ts";
import { flattens, routedTopic } from "./topic-routing.ts";

/** Where a captured row came from, as its topic tells. */
export interface SourceTable {
  topic: string;
  database?: string | undefined;
  schema?: string | undefined;
  table: string;
  /** The source connector already took the envelope off. */
  flattened: boolean;
}

/** The table a sink writes this topic's rows to, or nothing when only the running task can tell. */
export function targetTable(sink: ConnectorConfig, source: SourceTable): string | undefined {
  const topic = routedTopic(sink, source.topic);
  if (topic === undefined) return undefined;
  const plugin = sink["connector.class"] ?? "";
  if (plugin === "io.debezium.connector.jdbc.JdbcSinkConnector") return debeziumTarget(sink, source, topic);
  if (/\.jdbc\.JdbcSinkConnector$/.test(plugin)) return flatTarget(sink, topic);
  return undefined;
}

function debeziumTarget(sink: ConnectorConfig, source: SourceTable, topic: string): string | undefined {
  if (sink["collection.naming.strategy"] ?? sink["table.naming.strategy"]) return undefined;
  const format = sink["collection.name.format"] ?? sink["table.name.format"] ?? "${topic}";
  const enveloped = !source.flattened && !flattens(sink);
  const fields: Record<string, string | undefined> = {
    // Dots would read as schema separators in the target.
    topic: topic.replaceAll(".", "_"),
    "source.db": enveloped ? source.database : undefined,
    "source.schema": enveloped ? source.schema : undefined,
    "source.table": enveloped ? source.table : undefined,
  };
  return filled(format, fields);
}

/** Confluent's and Aiven's: the topic as it is, or a mapping of topics to tables. */
function flatTarget(sink: ConnectorConfig, topic: string): string | undefined {
  const mapping = sink["topics.to.tables.mapping"];
  const mapped = mapping
    ?.split(",")
    .map((entry) => entry.trim().split(":"))
    .find(([from]) => from === topic)?.[1];
  return mapped ?? filled(sink["table.name.format"] ?? "${topic}", { topic });
}

function filled(format: string, fields: Record<string, string | undefined>): string | undefined {
  let unknown = false;
  const name = format.replace(/\$\{([^}]+)\}/g, (_whole, field: string) => {
    const value = fields[field];
    if (value === undefined) unknown = true;
    return value ?? "";
  });
  return unknown ? undefined : name;
}
