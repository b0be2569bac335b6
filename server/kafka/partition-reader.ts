import { Kafka, logLevel } from "kafkajs";
import { AppError } from "#domain/errors/app-error.ts";
import { kafkaFailure, meansNoTopic } from "./failures.ts";
import { decodeRecordBatches, type LazyRecord } from "./record-batch.ts";

export interface PartitionReaderOptions {
  /** Shown in messages: the cluster's name. */
  cluster: string;
  brokers: readonly string[];
  tls: boolean;
  /** Before a call counts as unanswered. */
  timeoutMs?: number;
}

export interface PartitionOffsets {
  partition: number;
  /** The oldest record still there. */
  start: number;
  /** One past the newest. */
  end: number;
}

export interface FetchRequest {
  topic: string;
  partition: number;
  offset: number;
}

export interface Fetched extends FetchRequest {
  records: LazyRecord[];
  /** Where to read on. */
  next: number;
  /** Size of the records in memory. */
  unpackedBytes: number;
  start: number;
  end: number;
  /** `out_of_range`: the offset is not in the log (truncated, or another topic of the same name). */
  problem?: "out_of_range" | "unknown_topic" | "moved" | "refused" | "broken_batch";
  /** What was wrong with the bytes, for `broken_batch`. */
  reason?: string;
}

export interface FetchLimits {
  /** At most this much of one partition, except that one record always comes whole. */
  partitionBytes?: number;
  totalBytes?: number;
  /** How long the broker may wait for something new. */
  waitMs?: number;
}

export type PartitionReader = ReturnType<typeof createPartitionReader>;

const ERROR_OUT_OF_RANGE = 1;
const UNKNOWN = new Set([3, 100]);
const REFUSED = new Set([29]);

/**
 * Reads partitions by position, without a consumer group: for records whose place is known, and for streams that keep
 * their own offsets. One connection per broker, opened at first use and again after a loss; use one reader per purpose,
 * since a waiting fetch holds up the next one on the same connection.
 */
export function createPartitionReader(options: PartitionReaderOptions) {
  const timeoutMs = options.timeoutMs ?? 15_000;
  let opened: Promise<KafkaCluster> | undefined;
  const leaders = new Map<string, Map<number, number>>();

  const open = () => {
    opened ??= openCluster(options, timeoutMs).catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return opened;
  };

  async function withCluster<T>(use: (cluster: KafkaCluster) => Promise<T>): Promise<T> {
    try {
      return await use(await open());
    } catch (error) {
      if (error instanceof AppError) throw error;
      leaders.clear();
      const failure = kafkaFailure(options.cluster, error);
      if (failure.code !== "upstream_unavailable") throw failure;
      const broken = opened;
      opened = undefined;
      void broken?.then((cluster) => cluster.disconnect()).catch(() => undefined);
      throw failure;
    }
  }

  async function leadersOf(cluster: KafkaCluster, topic: string): Promise<Map<number, number>> {
    const known = leaders.get(topic);
    if (known) return known;
    const { topicMetadata } = await cluster.metadata({ topics: [topic] });
    const found = topicMetadata.find((candidate) => candidate.topic === topic);
    const partitions = new Map(
      (found?.partitionMetadata ?? []).map(({ partitionId, leader }) => [partitionId, leader]),
    );
    leaders.set(topic, partitions);
    return partitions;
  }

  async function offsetsOf(cluster: KafkaCluster, topic: string): Promise<PartitionOffsets[]> {
    leaders.delete(topic);
    const partitions = await leadersOf(cluster, topic);
    const found = new Map<number, PartitionOffsets>();
    for (const [node, ids] of byNode(partitions)) {
      const broker = await cluster.findBroker({ nodeId: node });
      for (const timestamp of [EARLIEST, LATEST]) {
        const { responses } = await broker.listOffsets({
          replicaId: -1,
          isolationLevel: 0,
          topics: [{ topic, partitions: ids.map((partition) => ({ partition, timestamp })) }],
        });
        for (const { partition, offset } of responses[0]?.partitions ?? []) {
          const known = found.get(partition) ?? { partition, start: 0, end: 0 };
          found.set(partition, { ...known, [timestamp === EARLIEST ? "start" : "end"]: Number(offset) });
        }
      }
    }
    return [...found.values()].sort((a, b) => a.partition - b.partition);
  }

  /** A broker that refuses a position does not say where its log begins and ends: that is asked for. */
  async function withRanges(cluster: KafkaCluster, answers: readonly Fetched[]): Promise<Fetched[]> {
    const outside = answers.filter(({ problem }) => problem === "out_of_range");
    const ranges = new Map<string, PartitionOffsets>();
    for (const topic of new Set(outside.map((answer) => answer.topic)))
      for (const range of await offsetsOf(cluster, topic)) ranges.set(`${topic}/${range.partition}`, range);
    return answers.map((answer) => {
      if (answer.problem !== "out_of_range") return answer;
      const range = ranges.get(`${answer.topic}/${answer.partition}`);
      if (!range) return { ...answer, problem: "moved" };
      return { ...answer, start: range.start, end: range.end };
    });
  }

  return {
    /** First and end offset of every partition. */
    offsets: (topic: string): Promise<PartitionOffsets[]> =>
      withCluster((cluster) => offsetsOf(cluster, topic)),

    /** One request per broker, whatever the number of partitions. Answers in no particular order. */
    fetch: (requests: readonly FetchRequest[], limits: FetchLimits = {}): Promise<Fetched[]> =>
      withCluster(async (cluster) => {
        const results: Fetched[] = [];
        const perNode = new Map<number, FetchRequest[]>();
        for (const request of requests) {
          const leader = await findLeader(cluster, request, leadersOf);
          if (leader === undefined)
            results.push({ ...request, ...nothing(request.offset), problem: "unknown_topic" });
          else perNode.set(leader, [...(perNode.get(leader) ?? []), request]);
        }
        await Promise.all(
          [...perNode].map(async ([node, wanted]) => {
            const broker = await cluster.findBroker({ nodeId: node });
            const answers = await fetchFrom(broker, wanted, limits);
            for (const answer of answers)
              if (answer.problem === "moved" || answer.problem === "unknown_topic")
                leaders.delete(answer.topic);
            results.push(...(await withRanges(cluster, answers)));
          }),
        );
        return results;
      }),

    async close(): Promise<void> {
      const cluster = await opened?.catch(() => undefined);
      opened = undefined;
      await cluster?.disconnect();
    },
  };
}

const EARLIEST = "-2";
const LATEST = "-1";

const nothing = (offset: number) => ({ records: [], next: offset, unpackedBytes: 0, start: 0, end: 0 });

async function findLeader(
  cluster: KafkaCluster,
  { topic, partition }: FetchRequest,
  leadersOf: (cluster: KafkaCluster, topic: string) => Promise<Map<number, number>>,
): Promise<number | undefined> {
  try {
    return (await leadersOf(cluster, topic)).get(partition);
  } catch (error) {
    if (meansNoTopic(error)) return undefined;
    throw error;
  }
}

function byNode(partitions: ReadonlyMap<number, number>): Map<number, number[]> {
  const nodes = new Map<number, number[]>();
  for (const [partition, node] of partitions) nodes.set(node, [...(nodes.get(node) ?? []), partition]);
  return nodes;
}

async function fetchFrom(
  broker: KafkaBroker,
  wanted: readonly FetchRequest[],
  limits: FetchLimits,
): Promise<Fetched[]> {
  const offsets = new Map(wanted.map(({ topic, partition, offset }) => [`${topic}/${partition}`, offset]));
  const payload = await broker.connectionPool.send({
    request: {
      apiKey: 1,
      apiVersion: 11,
      apiName: "Fetch",
      encode: async () => encoded(encodeFetch(wanted, limits)),
    },
    response: {
      decode: async (data) => ({ data, clientSideThrottleTime: 0 }),
      parse: async ({ data }) => data,
    },
  });
  return decodeFetch(payload, (topic, partition) => offsets.get(`${topic}/${partition}`) ?? 0);
}

/** kafkajs checks one name of its encoder and reads the other. */
function encoded(buffer: Buffer): { buf: Buffer; buffer: Buffer } {
  return { buf: buffer, buffer };
}

/** Fetch request, version 11, outside of a fetch session, reading uncommitted as sinks do. */
function encodeFetch(wanted: readonly FetchRequest[], limits: FetchLimits): Buffer {
  const topics = new Map<string, FetchRequest[]>();
  for (const request of wanted) topics.set(request.topic, [...(topics.get(request.topic) ?? []), request]);
  const size =
    35 +
    [...topics.keys()].reduce((sum, topic) => sum + 6 + Buffer.byteLength(topic), 0) +
    wanted.length * 28;
  const out = Buffer.alloc(size);
  let at = out.writeInt32BE(-1, 0);
  at = out.writeInt32BE(limits.waitMs ?? 500, at);
  at = out.writeInt32BE(1, at);
  at = out.writeInt32BE(limits.totalBytes ?? 8 << 20, at);
  at = out.writeInt8(0, at);
  at = out.writeInt32BE(0, at);
  at = out.writeInt32BE(-1, at);
  at = out.writeInt32BE(topics.size, at);
  for (const [topic, partitions] of topics) {
    at = out.writeInt16BE(Buffer.byteLength(topic), at);
    at += out.write(topic, at);
    at = out.writeInt32BE(partitions.length, at);
    for (const { partition, offset } of partitions) {
      at = out.writeInt32BE(partition, at);
      at = out.writeInt32BE(-1, at);
      at = out.writeBigInt64BE(BigInt(offset), at);
      at = out.writeBigInt64BE(-1n, at);
      at = out.writeInt32BE(limits.partitionBytes ?? 4 << 20, at);
    }
  }
  at = out.writeInt32BE(0, at);
  at = out.writeInt16BE(0, at);
  return out.subarray(0, at);
}

function decodeFetch(data: Buffer, offsetOf: (topic: string, partition: number) => number): Fetched[] {
  const failed = data.readInt16BE(4);
  if (failed !== 0) throw new Error(`Kafka refused the fetch with error ${failed}`);
  const results: Fetched[] = [];
  let at = 10;
  const topics = data.readInt32BE(at);
  at += 4;
  for (let index = 0; index < topics; index += 1) {
    const nameSize = data.readInt16BE(at);
    const topic = data.toString("utf8", at + 2, at + 2 + nameSize);
    at += 2 + nameSize;
    const partitions = data.readInt32BE(at);
    at += 4;
    for (let count = 0; count < partitions; count += 1) {
      const partition = data.readInt32BE(at);
      const error = data.readInt16BE(at + 4);
      const end = Number(data.readBigInt64BE(at + 6));
      const start = Number(data.readBigInt64BE(at + 22));
      const aborted = Math.max(0, data.readInt32BE(at + 30));
      at += 34 + aborted * 16 + 4;
      const size = Math.max(0, data.readInt32BE(at));
      at += 4;
      const offset = offsetOf(topic, partition);
      const base = { topic, partition, offset };
      if (error !== 0) results.push({ ...base, ...nothing(offset), start, end, problem: problemOf(error) });
      else {
        const { broken, ...decoded } = decodeRecordBatches(data.subarray(at, at + size), offset);
        const problem = broken ? { problem: "broken_batch" as const, reason: broken.reason } : {};
        results.push({ ...base, ...decoded, start, end, ...problem });
      }
      at += size;
    }
  }
  return results;
}

function problemOf(error: number): NonNullable<Fetched["problem"]> {
  if (error === ERROR_OUT_OF_RANGE) return "out_of_range";
  if (UNKNOWN.has(error)) return "unknown_topic";
  return REFUSED.has(error) ? "refused" : "moved";
}

/** The parts of kafkajs's own client that read by position; its public consumer cannot, since it wants a group. */
interface KafkaBroker {
  connectionPool: {
    send(call: {
      request: {
        apiKey: number;
        apiVersion: number;
        apiName: string;
        encode(): Promise<{ buf: Buffer; buffer: Buffer }>;
      };
      response: {
        decode(data: Buffer): Promise<{ data: Buffer; clientSideThrottleTime: number }>;
        parse(decoded: { data: Buffer }): Promise<Buffer>;
      };
    }): Promise<Buffer>;
  };
  listOffsets(request: {
    replicaId: number;
    isolationLevel: number;
    topics: { topic: string; partitions: { partition: number; timestamp: string }[] }[];
  }): Promise<{ responses: { topic: string; partitions: { partition: number; offset: string }[] }[] }>;
}

interface KafkaCluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  findBroker(node: { nodeId: number }): Promise<KafkaBroker>;
  metadata(wanted: { topics: string[] }): Promise<{
    topicMetadata: { topic: string; partitionMetadata: { partitionId: number; leader: number }[] }[];
  }>;
}

async function openCluster(
  { brokers, tls }: PartitionReaderOptions,
  timeoutMs: number,
): Promise<KafkaCluster> {
  const kafka = new Kafka({
    clientId: "headgate-reader",
    brokers: [...brokers],
    ssl: tls,
    connectionTimeout: 3_000,
    requestTimeout: timeoutMs,
    retry: { retries: 2, initialRetryTime: 200, maxRetryTime: 1_000 },
    logLevel: logLevel.NOTHING,
  });
  const cluster = internalCluster(kafka);
  await cluster.connect();
  await cluster.refreshMetadata();
  return cluster;
}

/** kafkajs 2.2.4 keeps the maker of its cluster client under a symbol; the cast names the one shape used here. */
function internalCluster(kafka: Kafka): KafkaCluster {
  const symbol = Object.getOwnPropertySymbols(kafka).find(
    (candidate) => candidate.description === "private:Kafka:createCluster",
  );
  const create = symbol && (kafka as unknown as Record<symbol, unknown>)[symbol];
  if (typeof create !== "function")
    throw new Error("This version of kafkajs has no cluster client where Headgate looks for it");
  return create({ metadataMaxAge: 30_000, allowAutoTopicCreation: false }) as KafkaCluster;
}
