import type { DerivedPipeline } from "#domain/catalog/derive-pipelines.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { laneOf, type PartitionReading, type SinkReading } from "#domain/observability/lane.ts";
import { partitionLag } from "#domain/observability/partition-history.ts";
import type { DeadLetterCount } from "#domain/observability/sink-progress.ts";
import { addSample, perSecond, type Sample } from "#domain/observability/throughput.ts";
import type { Deps } from "#server/deps.ts";
import type { Offsets } from "#server/kafka/kafka-client.ts";
import type { ClusterMemory } from "./cluster-memory.ts";
import { createNotificationReader } from "./notification-reader.ts";
import { createPipelineReader, type WatchedPipelines } from "./read-pipelines.ts";
import { recordUpstream } from "./record-upstream.ts";
import { createSetAside } from "./set-aside.ts";
import { createTailReader, type SinkPosition, type TailPosition } from "./tail-reader.ts";
import { createProgressWriter, type PipelineReading } from "./write-progress.ts";

/** Retention moves slowly; asking each look would double the requests. */
const BEGINS_MAX_AGE_MS = 10_000;
const GROUPS_AT_ONCE = 8;

/** Everything Kafka answered in one look. */
interface Look {
  ends: Offsets;
  begins: Offsets;
  /** By sink. A sink whose group could not be read is missing. */
  committed: ReadonlyMap<string, Offsets>;
  /** Topics of which a partition, and sinks whose group did not answer: what is stored is better than what was heard. */
  unheard: { topics: ReadonlySet<string>; sinks: ReadonlySet<string> };
}

/** Looks at end offsets, committed offsets and single records of one cluster, and stores the lanes that changed. */
export function createProgressObserver(
  deps: Pick<Deps, "db" | "pool" | "kafka" | "registry" | "now">,
  cluster: string,
  memory: ClusterMemory,
) {
  const readPipelines = createPipelineReader(deps, cluster, memory);
  const tails = createTailReader(deps, cluster);
  const notifications = createNotificationReader(deps, cluster);
  const writer = createProgressWriter(deps, cluster);
  const setAside = createSetAside(deps, cluster);
  const samples = new Map<string, Sample[]>();
  let begins: Offsets = new Map();
  let beginsReadAt = 0;
  let lastTopics: readonly string[] = [];
  const deadLetterCounts = new Map<string, number>();

  return async function observeProgress(): Promise<void> {
    const kafka = deps.kafka(cluster);
    let look: Look;
    let watched: WatchedPipelines & { isNew: boolean };
    const problems: string[] = [];
    let brokers = 0;
    try {
      lastTopics = await kafka.topics();
      brokers = (await kafka.describeCluster()).brokers.length;
      watched = await readPipelines(lastTopics);
      look = await ask(watched, problems);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      await recordUpstream(deps, cluster, "kafka", { state: "down", message: error.message });
      await writeStructure();
      return;
    }
    try {
      await readRecords(watched.pipelines, look);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problems.push(error.message);
    }
    const readings = watched.pipelines.map((pipeline) => readingOf(pipeline, look));
    const isHeard = ({ topic, sinks }: PipelineReading["lanes"][number]) =>
      !look.unheard.topics.has(topic) && !sinks.some(({ name }) => look.unheard.sinks.has(name));
    try {
      await writer.write(withLanes(readings, isHeard), { onlyNew: false });
      await writer.write(
        withLanes(readings, (lane) => !isHeard(lane)).filter(({ lanes }) => lanes.length > 0),
        { onlyNew: true },
      );
      if (watched.isNew) {
        await writer.prune(watched.pipelines);
        forgetOthers(watched.pipelines);
      }
    } catch (error) {
      writer.forget();
      throw error;
    }
    const state = problems.length > 0 ? "degraded" : "up";
    await recordUpstream(deps, cluster, "kafka", {
      state,
      message: problems[0],
      facts: { brokers, topics: lastTopics.length },
    });
  };

  /** What belongs together is known from the configurations alone, also while Kafka is silent. */
  async function writeStructure(): Promise<void> {
    const { pipelines } = await readPipelines(lastTopics);
    const nothing: Look = {
      ends: new Map(),
      begins: new Map(),
      committed: new Map(),
      unheard: { topics: new Set(), sinks: new Set() },
    };
    await writer.write(
      pipelines.map((pipeline) => readingOf(pipeline, nothing)),
      { onlyNew: true },
    );
  }

  async function ask({ pipelines, groups }: WatchedPipelines, problems: string[]): Promise<Look> {
    const kafka = deps.kafka(cluster);
    const existing = new Set(lastTopics);
    const topics = topicsOf(pipelines).filter((topic) => existing.has(topic));
    const unheardSinks = new Set<string>();
    const [ends, committed] = await Promise.all([
      kafka.endOffsets(topics),
      readCommitted(pipelines, groups, existing, problems, unheardSinks),
    ]);
    problems.push(...ends.silent.map((error) => error.message));
    for (const [sink, offsets] of committed) committed.set(sink, await setAside(sink, offsets, ends.offsets));
    const isStale = Date.now() - beginsReadAt > BEGINS_MAX_AGE_MS;
    if (isStale || topics.some((topic) => !begins.has(topic))) {
      begins = (await kafka.beginOffsets(topics)).offsets;
      beginsReadAt = Date.now();
    }
    const unheard = { topics: ends.unanswered, sinks: unheardSinks };
    return { ends: ends.offsets, begins, committed, unheard };
  }

  async function readCommitted(
    pipelines: readonly DerivedPipeline[],
    groups: ReadonlyMap<string, string>,
    existing: ReadonlySet<string>,
    problems: string[],
    unheard: Set<string>,
  ): Promise<Map<string, Offsets>> {
    const topicsBySink = new Map<string, Set<string>>();
    for (const { tables } of pipelines) {
      for (const { topic, sinks } of tables) {
        if (!existing.has(topic)) continue;
        for (const { name } of sinks)
          topicsBySink.set(name, (topicsBySink.get(name) ?? new Set()).add(topic));
      }
    }
    const committed = new Map<string, Offsets>();
    const waiting = [...topicsBySink];
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [sink, topics] = next;
        try {
          const group = groups.get(sink) ?? `connect-${sink}`;
          committed.set(sink, await deps.kafka(cluster).committedOffsets(group, [...topics]));
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          if (error.code === "upstream_unavailable") unheard.add(sink);
          problems.push(`Consumer group of ${sink}: ${error.message}`);
        }
      }
    };
    await Promise.all(Array.from({ length: GROUPS_AT_ONCE }, work));
    return committed;
  }

  async function readRecords(pipelines: readonly DerivedPipeline[], look: Look): Promise<void> {
    const newest: TailPosition[] = [];
    const around: SinkPosition[] = [];
    for (const { topic, sinks } of pipelines.flatMap(({ tables }) => tables)) {
      for (const [partition, end] of look.ends.get(topic) ?? []) {
        const begin = look.begins.get(topic)?.get(partition) ?? 0;
        newest.push({ topic, partition, begin, end });
        for (const { name } of sinks) {
          const group = look.committed.get(name);
          if (!group) continue;
          const { events, next } = partitionLag({ begin, end, committed: group.get(topic)?.get(partition) });
          if (events > 0) around.push({ topic, partition, begin, next });
        }
      }
    }
    await tails.readNewest(newest);
    await tails.readAround(around);
    await notifications.read(
      pipelines.flatMap(({ source, notificationTopic }) =>
        notificationTopic ? [{ source, topic: notificationTopic }] : [],
      ),
      look.begins,
      look.ends,
    );
  }

  function readingOf(pipeline: DerivedPipeline, look: Look): PipelineReading {
    const { source } = pipeline;
    const checkpoint = memory.checkpoints.get(source);
    const snapshot = notifications.snapshotOf(source);
    const lanes = pipeline.tables.map((table) => {
      const partitions = partitionsOf(table.topic, look);
      const sinks = new Map(
        table.sinks.flatMap(({ name }) => {
          const group = look.committed.get(name);
          return group && partitions ? [[name, sinkReading(name, table.topic, partitions, group)]] : [];
        }),
      );
      const captured = partitions?.reduce((total, { end }) => total + end, 0);
      const rate = captured === undefined ? undefined : rateOf(table.topic, captured);
      return laneOf({ table, partitions, sinks, checkpoint, snapshot, perSecond: rate });
    });
    return { pipeline, deadLetters: deadLetters(pipeline, look), checkpoint, snapshot, lanes };
  }

  function partitionsOf(
    topic: string,
    { ends, begins: oldest, unheard }: Look,
  ): PartitionReading[] | undefined {
    // A part of a topic, counted as the whole, would make its next look a leap.
    if (unheard.topics.has(topic)) return undefined;
    const found = ends.get(topic);
    if (!found || found.size === 0) return undefined;
    return [...found.keys()]
      .sort((a, b) => a - b)
      .map((partition) => ({
        begin: oldest.get(topic)?.get(partition) ?? 0,
        end: found.get(partition) ?? 0,
        newest: tails.newestOf({ topic, partition }),
      }));
  }

  function sinkReading(
    sink: string,
    topic: string,
    partitions: readonly PartitionReading[],
    group: Offsets,
  ): SinkReading {
    const read = partitions.map(({ begin, end }, partition) => {
      const committed = group.get(topic)?.get(partition);
      const { next } = partitionLag({ begin, end, committed });
      return { committed, ...tails.around({ topic, partition, begin, next }) };
    });
    const delivered = read.reduce((total, { committed }) => total + (committed ?? 0), 0);
    return { partitions: read, perSecond: rateOf(`${topic} → ${sink}`, delivered) };
  }

  function deadLetters({ deadLetterTopics }: DerivedPipeline, look: Look): DeadLetterCount[] {
    return deadLetterTopics.map(({ topic, sinks }) => {
      if (look.unheard.topics.has(topic)) return { topic, sinks, count: deadLetterCounts.get(topic) ?? null };
      const found = look.ends.get(topic);
      if (!found) return { topic, sinks, count: null };
      const count = [...found].reduce(
        (total, [partition, end]) => total + end - (look.begins.get(topic)?.get(partition) ?? 0),
        0,
      );
      deadLetterCounts.set(topic, count);
      return { topic, sinks, count };
    });
  }

  function rateOf(key: string, count: number): number | undefined {
    const now = Date.now();
    const known = samples.get(key) ?? [];
    // A table read by two pipelines is counted once per look.
    const added = known.at(-1)?.at === now ? known : addSample(known, { at: now, count });
    samples.set(key, added);
    return perSecond(added);
  }

  function forgetOthers(pipelines: readonly DerivedPipeline[]): void {
    const topics = new Set(topicsOf(pipelines));
    tails.keepOnly(topics);
    for (const topic of deadLetterCounts.keys()) if (!topics.has(topic)) deadLetterCounts.delete(topic);
    for (const key of samples.keys()) {
      if (!topics.has(key.split(" → ")[0] ?? "")) samples.delete(key);
    }
  }
}

function withLanes(
  readings: readonly PipelineReading[],
  isKept: (lane: PipelineReading["lanes"][number]) => boolean,
): PipelineReading[] {
  return readings.map((reading) => ({ ...reading, lanes: reading.lanes.filter(isKept) }));
}

function topicsOf(pipelines: readonly DerivedPipeline[]): string[] {
  const topics = pipelines.flatMap(({ tables, deadLetterTopics, notificationTopic }) => [
    ...tables.map(({ topic }) => topic),
    ...deadLetterTopics.map(({ topic }) => topic),
    ...(notificationTopic ? [notificationTopic] : []),
  ]);
  return [...new Set(topics)];
}
