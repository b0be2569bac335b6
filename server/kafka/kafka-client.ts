import type { AppError } from "#domain/errors/app-error.ts";
import { createWire, type Send, type TopicPartition, type WireOptions } from "./wire.ts";

export type { TopicPartition } from "./wire.ts";

/** Offsets by topic and partition. A partition that did not answer is missing. */
export type Offsets = Map<string, Map<number, number>>;

export interface Position extends TopicPartition {
  offset: number;
}

export interface KafkaRecord extends Position {
  /** Milliseconds; the producer's clock, or the broker's where the topic is set so. */
  timestamp: number;
  key: Buffer | null;
  value: Buffer | null;
  /** A name that occurs more than once has all its values. */
  headers: Record<string, Buffer | Buffer[] | undefined>;
}

export interface KafkaClientOptions extends Omit<WireOptions, "timeoutMs"> {
  timeoutMs?: number;
}

export type KafkaClient = ReturnType<typeof createKafkaClient>;

interface PartitionsAnswer<P> {
  responses: { topic?: string; topicName?: string; partitions: P[] }[];
  errorCode?: number;
}
type OffsetAnswer = PartitionsAnswer<{ partition: number; errorCode: number; offset: string }>;
interface FetchedPartition {
  partition: number;
  errorCode: number;
  highWatermark: string;
  messages: {
    offset: string;
    timestamp: string;
    key: Buffer | null;
    value: Buffer | null;
    headers: KafkaRecord["headers"];
    isControlRecord: boolean;
  }[];
}
interface CoordinatorAnswer {
  errorCode: number;
  coordinator: { nodeId: number };
}

const END = "-1";
const BEGIN = "-2";
const STALE_MAP = new Set([3, 5, 6]); // unknown topic or partition, no leader, not the leader
const COORDINATOR_MOVED = new Set([14, 15, 16]); // loading, not available, not the coordinator
/** A partition whose next batch is larger gets nothing unless it is asked first, so what stays empty is asked again. */
const FETCH_ROUNDS = 4;

/** Reads offsets and records of one cluster, for watching: joins no group and commits nothing. */
export function createKafkaClient({ timeoutMs = 5_000, ...options }: KafkaClientOptions) {
  const wire = createWire({ ...options, timeoutMs });
  const coordinators = new Map<string, number>();

  async function partitionsOf(topics: readonly string[]): Promise<TopicPartition[]> {
    const known = await wire.readMap();
    // A topic made a moment ago is not on the map yet.
    const map = topics.every((topic) => known.topics.has(topic)) ? known : await wire.readMap(1_000);
    return topics.flatMap((topic) =>
      (map.topics.get(topic) ?? []).map((_leader, partition) => ({ topic, partition })),
    );
  }

  async function listOffsets(
    topics: readonly string[],
    timestamp: string,
  ): Promise<{ offsets: Offsets; silent: AppError[]; unanswered: ReadonlySet<string> }> {
    const asked = await partitionsOf(topics);
    const { answers, silent } = await wire.askLeaders(asked, (send, partitions) =>
      send<OffsetAnswer>("ListOffsets", {
        isolationLevel: 0,
        topics: byTopic(partitions, ({ partition }) => ({ partition, timestamp })),
      }),
    );
    const offsets: Offsets = new Map();
    for (const { topic, partition, errorCode, offset } of answers.flatMap(flat)) {
      if (errorCode === 0) put(offsets, topic, partition, Number(offset));
      else if (STALE_MAP.has(errorCode)) wire.forgetMap();
      else throw wire.failure(errorCode);
    }
    const open = asked.filter(({ topic, partition }) => !offsets.get(topic)?.has(partition));
    return { offsets, silent, unanswered: new Set(open.map(({ topic }) => topic)) };
  }

  async function coordinatorOf(group: string): Promise<number> {
    const known = coordinators.get(group);
    if (known !== undefined) return known;
    const answer = await wire.sendToAny<CoordinatorAnswer>("GroupCoordinator", { groupId: group });
    if (answer.errorCode !== 0) throw wire.failure(answer.errorCode);
    coordinators.set(group, answer.coordinator.nodeId);
    return answer.coordinator.nodeId;
  }

  async function fetchCommitted(group: string, topics: readonly string[]): Promise<OffsetAnswer> {
    const args = {
      groupId: group,
      topics: byTopic(await partitionsOf(topics), ({ partition }) => ({ partition })),
    };
    for (let attempt = 0; ; attempt++) {
      let moved: AppError;
      try {
        const answer = await wire.sendToNode<OffsetAnswer>(await coordinatorOf(group), "OffsetFetch", args);
        const failed =
          answer.errorCode || flat(answer).find((found) => found.errorCode !== 0)?.errorCode || 0;
        if (failed === 0) return answer;
        moved = wire.failure(failed);
        if (!COORDINATOR_MOVED.has(failed)) throw moved;
      } catch (error) {
        coordinators.delete(group);
        throw error;
      }
      coordinators.delete(group);
      if (attempt > 0) throw moved;
    }
  }

  async function fetchOnce(
    positions: readonly Position[],
    maxBytesPerPartition: number,
  ): Promise<{ records: KafkaRecord[]; empty: Position[] }> {
    const wanted = new Map(positions.map((position) => [keyOf(position), position]));
    const { answers } = await wire.askLeaders(positions, (send: Send, partitions) =>
      send<PartitionsAnswer<FetchedPartition>>("Fetch", {
        isolationLevel: 0,
        maxWaitTime: 20,
        minBytes: 1,
        maxBytes: 16 * 1024 * 1024,
        rackId: "",
        topics: byTopic(partitions, (partition) => ({
          partition: partition.partition,
          fetchOffset: String(wanted.get(keyOf(partition))?.offset ?? 0),
          maxBytes: maxBytesPerPartition,
        })),
      }),
    );
    const records: KafkaRecord[] = [];
    const empty: Position[] = [];
    for (const found of answers.flatMap(flat)) {
      const position = wanted.get(keyOf(found));
      if (!position) continue;
      if (STALE_MAP.has(found.errorCode)) wire.forgetMap();
      // Batches come whole: what lies before the asked offset is not part of the answer, and markers of transactions are no records.
      const messages = found.messages.filter(
        (message) => Number(message.offset) >= position.offset && !message.isControlRecord,
      );
      if (
        found.messages.length === 0 &&
        found.errorCode === 0 &&
        Number(found.highWatermark) > position.offset
      )
        empty.push(position);
      for (const { offset, timestamp, key, value, headers } of messages) {
        records.push({
          topic: found.topic,
          partition: found.partition,
          offset: Number(offset),
          timestamp: Number(timestamp),
          key,
          value,
          headers,
        });
      }
    }
    return { records, empty };
  }

  return {
    /** Id, brokers and the one that leads; at most two seconds old. */
    async describeCluster() {
      const { clusterId, controllerId, brokers } = await wire.readMap(2_000);
      return { clusterId, controllerId, brokers };
    },

    /** Names of all topics, internal ones included; at most two seconds old. */
    async topics(): Promise<string[]> {
      return [...(await wire.readMap(2_000)).topics.keys()];
    },

    /** Where the next record of each partition will stand. Topics that do not exist are missing. */
    endOffsets: (topics: readonly string[]) => listOffsets(topics, END),

    /** The oldest record retention has left in each partition. */
    beginOffsets: (topics: readonly string[]) => listOffsets(topics, BEGIN),

    /** What a group has committed; partitions it never committed are missing. A group that does not exist has committed nothing. */
    async committedOffsets(group: string, topics: readonly string[]): Promise<Offsets> {
      const offsets: Offsets = new Map();
      if (topics.length === 0) return offsets;
      for (const { topic, partition, offset } of flat(await fetchCommitted(group, topics))) {
        if (Number(offset) >= 0) put(offsets, topic, partition, Number(offset));
      }
      return offsets;
    },

    /**
     * The records from each position to the end of its batch, or a little further. A position that retention has
     * removed, or whose leader is silent, brings nothing.
     */
    async readFrom(
      positions: readonly Position[],
      maxBytesPerPartition = 256 * 1024,
    ): Promise<KafkaRecord[]> {
      const records: KafkaRecord[] = [];
      let rest = [...positions];
      for (let round = 0; round < FETCH_ROUNDS && rest.length > 0; round++) {
        const answer = await fetchOnce(rest, maxBytesPerPartition);
        records.push(...answer.records);
        rest = answer.empty;
      }
      return records;
    },

    /** One record, or nothing when retention or compaction has removed it. */
    async readAt(position: Position): Promise<KafkaRecord | undefined> {
      const { records } = await fetchOnce([position], 1);
      return records.find((record) => record.offset === position.offset);
    },

    close: () => wire.close(),
  };
}

function byTopic<T>(
  partitions: readonly TopicPartition[],
  item: (partition: TopicPartition) => T,
): { topic: string; partitions: T[] }[] {
  const topics = new Map<string, T[]>();
  for (const partition of partitions) {
    const items = topics.get(partition.topic) ?? [];
    items.push(item(partition));
    topics.set(partition.topic, items);
  }
  return [...topics].map(([topic, items]) => ({ topic, partitions: items }));
}

function flat<P extends { partition: number }>({
  responses,
}: PartitionsAnswer<P>): (P & { topic: string })[] {
  return responses.flatMap(({ topic, topicName, partitions }) =>
    partitions.map((partition) => ({ ...partition, topic: topic ?? topicName ?? "" })),
  );
}

function put(offsets: Offsets, topic: string, partition: number, offset: number): void {
  const partitions = offsets.get(topic) ?? new Map<number, number>();
  partitions.set(partition, offset);
  offsets.set(topic, partitions);
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
