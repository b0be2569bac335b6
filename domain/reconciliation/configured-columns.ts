import { listOf } from "../connectors/produced-topics.ts";
import type { ConnectorConfig } from "../connectors/schema.ts";
import type { ConfiguredColumn } from "./attribution.ts";

interface Ends {
  source: { name: string; config: ConnectorConfig };
  sink: { name: string; config: ConnectorConfig };
  /** As the source calls it: `public.orders`. */
  table: string;
  topic: string;
  columns: readonly string[];
}

/** Columns that source or sink leave out, cut or mask by their own configuration. */
export function configuredColumns({ source, sink, table, topic, columns }: Ends): ConfiguredColumn[] {
  const found = new Map<string, ConfiguredColumn>();
  const mark = (names: readonly string[], by: Omit<ConfiguredColumn, "column">) => {
    for (const column of names) if (!found.has(column)) found.set(column, { column, ...by });
  };
  const bySource = (key: string) => listOf(source.config[key]);
  const matching = (patterns: readonly string[]) =>
    columns.filter((column) => patterns.some((pattern) => matches(pattern, `${table}.${column}`)));

  const included = bySource("column.include.list");
  if (included.length > 0) {
    const kept = matching(included);
    mark(
      columns.filter((column) => !kept.includes(column)),
      { connector: source.name, effect: "left_out" },
    );
  }
  mark(matching(bySource("column.exclude.list")), { connector: source.name, effect: "left_out" });
  for (const key of Object.keys(source.config)) {
    const cut = /^column\.truncate\.to\.(\d+)\.chars$/.exec(key);
    if (cut) mark(matching(bySource(key)), { connector: source.name, effect: "cut", length: Number(cut[1]) });
    else if (/^column\.mask\.(with|hash)/.test(key))
      mark(matching(bySource(key)), { connector: source.name, effect: "masked" });
  }
  const ofSink = fieldsOf(sink.config["field.include.list"], topic);
  if (ofSink.length > 0)
    mark(
      columns.filter((column) => !ofSink.includes(column)),
      { connector: sink.name, effect: "left_out" },
    );
  const dropped = fieldsOf(sink.config["field.exclude.list"], topic);
  mark(
    columns.filter((column) => dropped.includes(column)),
    { connector: sink.name, effect: "left_out" },
  );
  return [...found.values()];
}

/** Debezium anchors these patterns and ignores case; with three parts the database comes first. */
function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(`^(?:[^.]+\\.)?(?:${pattern})$`, "i").test(name);
  } catch {
    return false; // A Java pattern JavaScript cannot read names nothing for sure.
  }
}

/** The JDBC sink's list: `field`, or `topic:field`. */
function fieldsOf(list: string | undefined, topic: string): string[] {
  return listOf(list).flatMap((entry) => {
    const colon = entry.lastIndexOf(":");
    if (colon < 0) return [entry];
    return entry.slice(0, colon) === topic ? [entry.slice(colon + 1)] : [];
  });
}
