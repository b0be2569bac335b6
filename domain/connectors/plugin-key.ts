import { z } from "zod";

/** One key a plugin defines, with all Connect says about it. */
export const PluginKey = z.object({
  name: z.string(),
  /** BOOLEAN, STRING, INT, SHORT, LONG, DOUBLE, LIST, CLASS or PASSWORD. */
  type: z.string(),
  isRequired: z.boolean(),
  default: z.string().nullable(),
  importance: z.string(),
  documentation: z.string(),
  group: z.string(),
  label: z.string(),
  order: z.number(),
});
export type PluginKey = z.infer<typeof PluginKey>;

/** Words people use for keys that are called otherwise. */
const SYNONYMS: Record<string, string> = {
  "table.include.list": "tables whitelist capture select",
  "table.exclude.list": "tables blacklist skip ignore",
  "column.include.list": "columns whitelist fields",
  "column.exclude.list": "columns blacklist fields drop",
  "topic.prefix": "server name namespace logical name",
  "slot.name": "replication slot",
  "publication.name": "logical replication publication",
  "publication.autocreate.mode": "create publication",
  "snapshot.mode": "initial load backfill bootstrap",
  "heartbeat.interval.ms": "keepalive keep alive idle wal growth",
  "tombstones.on.delete": "delete marker null compaction",
  "decimal.handling.mode": "numeric money precision bigdecimal",
  "time.precision.mode": "timestamp date time microseconds",
  "max.batch.size": "throughput batch rows",
  "max.queue.size": "memory buffer",
  "errors.tolerance": "skip bad records ignore errors",
  "errors.deadletterqueue.topic.name": "dlq dead letter queue",
  "errors.deadletterqueue.context.headers.enable": "dlq dead letter headers",
  "errors.deadletterqueue.topic.replication.factor": "dlq dead letter replicas",
  "insert.mode": "upsert update write mode",
  "primary.key.mode": "pk key upsert",
  "primary.key.fields": "pk key columns upsert",
  "delete.enabled": "deletes remove rows",
  "schema.evolution": "auto create evolve ddl alter columns",
  "collection.name.format": "table name target mapping table.name.format",
  "quote.identifiers": "case sensitive names",
  "database.hostname": "host address server",
  "database.user": "username login",
  "connection.username": "user login",
  "connection.url": "jdbc host address",
  "tasks.max": "parallelism threads workers",
  transforms: "smt single message transform",
  "key.converter": "serialization avro json format",
  "value.converter": "serialization avro json format",
  "column.propagate.source.type": "original type length",
  "plugin.name": "decoding pgoutput decoderbufs wal2json",
  "read.only": "signals snapshot no writes",
};

/** Best first: the name itself, its parts, the label, a synonym, the documentation. Empty words give every key in its order. */
export function searchKeys<K extends Pick<PluginKey, "name" | "label" | "documentation">>(
  keys: readonly K[],
  words: string,
): K[] {
  const wanted = words
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== "");
  if (wanted.length === 0) return [...keys];
  const scored = keys.flatMap((key, index) => {
    const scores = wanted.map((word) => score(key, word));
    if (scores.includes(0)) return [];
    return [{ key, index, score: scores.reduce((sum, each) => sum + each, 0) }];
  });
  return scored
    .sort((a, b) => b.score - a.score || a.key.name.length - b.key.name.length || a.index - b.index)
    .map((each) => each.key);
}

function score(key: Pick<PluginKey, "name" | "label" | "documentation">, word: string): number {
  const name = key.name.toLowerCase();
  if (name === word) return 100;
  if (name.startsWith(word)) return 60;
  if (name.split(/[._-]/).some((part) => part.startsWith(word))) return 50;
  if (name.includes(word) || name.replaceAll(/[._-]/g, "").includes(word.replaceAll(/[._-]/g, ""))) return 40;
  if ((SYNONYMS[key.name] ?? "").split(" ").some((synonym) => synonym.startsWith(word))) return 35;
  if (key.label.toLowerCase().includes(word)) return 25;
  if (key.documentation.toLowerCase().includes(word)) return 10;
  return 0;
}
