import { and, eq, isNull } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { deadLetterTopicOf } from "#domain/dead-letters/dead-letter-topics.ts";
import { type TopicState, topicState } from "#domain/dead-letters/topics.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import type { Offsets } from "#server/kafka/kafka-client.ts";

export interface TopicPartitionRow {
  partition: number;
  /** Counts topics of this name: one more each time it was deleted and made again. */
  incarnation: number;
  /** One past the last indexed record. */
  indexedTo: number;
  start: number;
  end: number;
  lag: number;
  /** Records that retention or truncation removed before they could be indexed. */
  lost: number;
  movedAt: Date;
}

export interface DeadLetterTopicRow {
  id: number;
  cluster: string;
  topic: string;
  /** `sink`: named by a sink's configuration · `name`: begins with dlq · `hand`: a person added it. */
  foundBy: "sink" | "name" | "hand";
  addedBy: string | null;
  foundAt: Date;
  /** Sinks whose configuration names it now. */
  sinks: string[];
  state: TopicState;
  problem: string | null;
  lag: number;
  lost: number;
  /** How often a topic of this name was made anew since Headgate knows it. */
  recreated: number;
  /** False: Kafka did not answer, and the ends are those of the last look. */
  isFresh: boolean;
  retentionMs: number | null;
  copyDays: number;
  copies: number;
  partitions: TopicPartitionRow[];
  goneAt: Date | null;
}

interface StoredTopic {
  id: number;
  cluster: string;
  topic: string;
  found_by: "sink" | "name" | "hand";
  added_by: string | null;
  excluded_by: string | null;
  found_at: Date;
  problem: string | null;
  retention_ms: string | null;
  copy_days: number;
  copies: number;
  gone_at: Date | null;
  partitions:
    | {
        partition: number;
        incarnation: number;
        next_offset: number;
        log_start: number;
        log_end: number;
        lost: number;
        moved_at: string;
      }[]
    | null;
}

/** Every dead-letter topic with how it was found and how far it is indexed. */
export async function listTopics(
  deps: Pick<Deps, "db" | "pool" | "kafka" | "config">,
  actor: Actor,
): Promise<DeadLetterTopicRow[]> {
  requirePermission(actor, "console:view");
  const { rows } = await deps.pool.query<StoredTopic>(
    `select t.*, p.partitions,
            (select count(*)::int from (select 1 from dead_letter_copies c where c.topic_id = t.id limit 100000) c) as copies
       from dead_letter_topics t
       left join lateral (select jsonb_agg(to_jsonb(p) order by p.partition) as partitions
                            from dead_letter_positions p where p.topic_id = t.id) p on true
      order by t.gone_at is not null, t.cluster, t.topic`,
  );
  const clusters = [...new Set(rows.map((row) => row.cluster))];
  const known = new Set(deps.config.clusters.map(({ name }) => name));
  const [ends, sinks] = await Promise.all([
    Promise.all(
      clusters.map(async (cluster): Promise<[string, Offsets | undefined]> => {
        const topics = rows.flatMap((row) =>
          row.cluster === cluster && row.gone_at === null ? [row.topic] : [],
        );
        return [cluster, known.has(cluster) ? await endsOf(deps, cluster, topics) : undefined];
      }),
    ),
    sinksByTopic(deps),
  ]);
  const endsByCluster = new Map(ends);
  return rows.map((row) => toTopic(row, endsByCluster.get(row.cluster), sinks));
}

async function endsOf(
  { kafka }: Pick<Deps, "kafka">,
  cluster: string,
  topics: readonly string[],
): Promise<Offsets | undefined> {
  if (topics.length === 0) return new Map();
  try {
    return (await kafka(cluster).endOffsets(topics)).offsets;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function sinksByTopic({ db }: Pick<Deps, "db">): Promise<Map<string, string[]>> {
  const rows = await db
    .select({
      cluster: observedConnectors.cluster,
      name: observedConnectors.name,
      config: observedConnectors.config,
    })
    .from(observedConnectors)
    .where(and(eq(observedConnectors.type, "sink"), isNull(observedConnectors.removedAt)))
    .orderBy(observedConnectors.name);
  const sinks = new Map<string, string[]>();
  for (const { cluster, name, config } of rows) {
    const topic = deadLetterTopicOf(config);
    if (topic) sinks.set(`${cluster}/${topic}`, [...(sinks.get(`${cluster}/${topic}`) ?? []), name]);
  }
  return sinks;
}

function toTopic(
  row: StoredTopic,
  ends: Offsets | undefined,
  sinks: ReadonlyMap<string, string[]>,
): DeadLetterTopicRow {
  const partitions = (row.partitions ?? []).map((partition): TopicPartitionRow => {
    const end = Math.max(ends?.get(row.topic)?.get(partition.partition) ?? 0, partition.log_end);
    return {
      partition: partition.partition,
      incarnation: partition.incarnation,
      indexedTo: partition.next_offset,
      start: partition.log_start,
      end,
      lag: row.gone_at === null ? Math.max(0, end - partition.next_offset) : 0,
      lost: partition.lost,
      movedAt: new Date(partition.moved_at),
    };
  });
  const lag = partitions.reduce((sum, partition) => sum + partition.lag, 0);
  return {
    id: row.id,
    cluster: row.cluster,
    topic: row.topic,
    foundBy: row.found_by,
    addedBy: row.added_by,
    foundAt: row.found_at,
    sinks: sinks.get(`${row.cluster}/${row.topic}`) ?? [],
    state: topicState({
      excluded: row.excluded_by !== null,
      gone: row.gone_at !== null,
      problem: row.problem,
      partitions: partitions.length,
      lag,
    }),
    problem: row.problem,
    lag,
    lost: partitions.reduce((sum, partition) => sum + partition.lost, 0),
    recreated: Math.max(1, ...partitions.map((partition) => partition.incarnation)) - 1,
    isFresh: row.gone_at !== null || ends !== undefined,
    retentionMs: row.retention_ms === null ? null : Number(row.retention_ms),
    copyDays: row.copy_days,
    copies: row.copies,
    partitions,
    goneAt: row.gone_at,
  };
}
