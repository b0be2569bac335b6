import { isDebeziumSource } from "./effects.ts";
import type { ConnectorConfig } from "./schema.ts";

/** Splits a Connect list: commas, surrounding blanks dropped, empty entries ignored. */
export function listOf(value: string | undefined): string[] {
  return (value ?? "")
    .split(/(?<!\\),/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

/** Debezium replaces what Kafka does not allow in a topic name. */
export function topicName(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[^A-Za-z0-9._-]/g, "_")).join(".");
}

/** Data topics that a Debezium source names outright; patterns in its list name none. */
export function namedTopics(config: ConnectorConfig): string[] {
  const prefix = config["topic.prefix"];
  if (!prefix || !isDebeziumSource(config["connector.class"] ?? "")) return [];
  return listOf(config["table.include.list"]).flatMap((entry) => {
    const table = literalTable(entry);
    return table ? [topicName(prefix, ...table)] : [];
  });
}

/** True if a Debezium source writes, or would write, this topic. */
export function producesTopic(config: ConnectorConfig, topic: string): boolean {
  const prefix = config["topic.prefix"];
  if (!prefix || !isDebeziumSource(config["connector.class"] ?? "") || !topic.startsWith(`${prefix}.`))
    return false;
  const table = topic.slice(prefix.length + 1);
  const included = listOf(config["table.include.list"]);
  if (included.length > 0) return included.some((entry) => matchesTable(entry, table));
  return !listOf(config["table.exclude.list"]).some((entry) => matchesTable(entry, table));
}

/** True if a sink reads this topic. */
export function consumesTopic(config: ConnectorConfig, topic: string): boolean {
  if (listOf(config.topics).includes(topic)) return true;
  const pattern = config["topics.regex"];
  return pattern ? matchesWhole(pattern, topic) : false;
}

/** `schema.table` when the entry is a plain name, escaped or not. */
export function literalTable(entry: string): [schema: string, table: string] | undefined {
  const unescaped = entry.replace(/\\./g, "");
  if (/[*+?()[\]{}|^$]/.test(unescaped)) return undefined;
  // A lone escaped dot separates as well; next to a plain one it belongs to a name.
  const separator = entry.search(/(?<!\\)\./) >= 0 ? /(?<!\\)\./ : /\\\./;
  const parts = entry.split(separator).map((part) => part.replace(/\\(.)/g, "$1"));
  const [schema, table] = parts;
  return parts.length === 2 && schema && table ? [schema, table] : undefined;
}

function matchesTable(entry: string, table: string): boolean {
  const literal = literalTable(entry);
  return literal ? topicName(...literal) === table : matchesWhole(entry, table);
}

/** Debezium and Connect match whole names and, in Debezium's case, whatever the case of letters. */
function matchesWhole(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, "i").test(text);
  } catch {
    return false; // Java patterns that JavaScript cannot read name no topic for sure.
  }
}
