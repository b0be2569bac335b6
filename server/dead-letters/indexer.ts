import { setImmediate } from "node:timers/promises";
import type pg from "pg";
import { AppError } from "#domain/errors/app-error.ts";
import type { Fetched, PartitionReader } from "#server/kafka/partition-reader.ts";
import type { LazyRecord } from "#server/kafka/record-batch.ts";
import type { Log } from "#server/log.ts";
import { createAvroDecoder } from "#server/schema-registry/avro-decoder.ts";
import type { RegistryClient } from "#server/schema-registry/client.ts";
import { anchorHash } from "./anchor.ts";
import { eventFacts } from "./event-facts.ts";
import { createFailureShapes, type FailureShape } from "./failure-shapes.ts";
import { createKeptShapes } from "./kept-shapes.ts";
import { createKeyTexts } from "./key-texts.ts";
import { type OpenPartition, openPartitions } from "./open-partitions.ts";
import { quietRegistry } from "./quiet-registry.ts";
import { type ReadRecord, readRecord } from "./read-record.ts";
import { createTopicLeases, type LeasedTopic } from "./topic-leases.ts";
import { type IndexedPartition, type IndexedRecord, writeBatch } from "./write-batch.ts";

export interface IndexerOptions {
  cluster: string;
  pool: pg.Pool;
  /** Its own: a waiting fetch holds up other readers of the same connection. */
  reader: PartitionReader;
  /** Nothing where the cluster has no schema registry. */
  registry: RegistryClient | undefined;
  log: Log;
  now(): Date;
  /** How long a fetch waits for something new. */
  waitMs?: number;
  /** How often new topics are looked for. */
  lookEveryMs?: number;
}

const REOPEN_MS = 30_000;
/** What a step may unpack to. Traces shrink a hundredfold when compressed, so what is fetched follows what came of it. */
const UNPACKED_BYTES = 4 << 20;
const MOST_BYTES = 2 << 20;
const LEAST_BYTES = 32 << 10;
const BETWEEN_FAILURES_MS = 1_000;
/** After so many records the transaction under way gets its turn: else each of its round trips waits for a whole step. */
const TURN = 50;

/** Indexes the dead-letter topics of one cluster that no other worker has in hand. */
export function createIndexer({
  cluster,
  pool,
  reader,
  log,
  now,
  waitMs = 500,
  lookEveryMs = 5_000,
  ...options
}: IndexerOptions) {
  const registry = options.registry && quietRegistry(options.registry, () => now().getTime());
  const avro = registry && createAvroDecoder(registry);
  const shapes = createFailureShapes();
  const kept = createKeptShapes(pool, cluster);
  const keys = createKeyTexts(avro);
  const leases = createTopicLeases(pool, cluster);
  let topics: LeasedTopic[] = [];
  let partitions: OpenPartition[] = [];
  let lookedAt = 0;
  const openedAt = new Map<number, number>();
  /** The step that read of a partition last. */
  const readIn = new WeakMap<OpenPartition, number>();
  let steps = 0;
  /** The next answer, on its way while the one before is read. */
  let ahead: Promise<Fetched[]> | undefined;
  /** The last transaction, at work while the next records are read. One at a time, so positions move in order. */
  let writing: Promise<void> | undefined;

  async function written(): Promise<void> {
    const last = writing;
    writing = undefined;
    await last;
  }

  /** Takes up new topics, lets go of removed ones, and looks at each topic anew from time to time. */
  async function refresh(): Promise<void> {
    const at = now().getTime();
    if (at - lookedAt < lookEveryMs) return;
    lookedAt = at;
    topics = await leases.take();
    const held = new Set(topics.map((topic) => topic.id));
    partitions = partitions.filter((partition) => held.has(partition.topicId));
    for (const topic of topics) {
      if (at - (openedAt.get(topic.id) ?? 0) < REOPEN_MS) continue;
      await reopen(topic);
    }
  }

  async function reopen(topic: LeasedTopic): Promise<void> {
    await written();
    ahead = undefined;
    partitions = partitions.filter((partition) => partition.topicId !== topic.id);
    try {
      partitions.push(...(await openPartitions(pool, reader, topic, now())));
      openedAt.set(topic.id, now().getTime());
      await leases.note(topic, undefined);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      if (error.code === "not_found") await leases.gone(topic, now());
      else await leases.note(topic, error.message);
      if (error.code === "upstream_unavailable") throw error;
    }
  }

  let fetchBytes = LEAST_BYTES * 4;
  const fetch = async () => {
    const asked = fetchBytes;
    // A broker fills its answer in the order of the request: who had something last comes last.
    const inTurn = partitions.toSorted((a, b) => (readIn.get(a) ?? 0) - (readIn.get(b) ?? 0));
    const fetched = await reader.fetch(inTurn, { waitMs, partitionBytes: asked, totalBytes: asked });
    const unpacked = fetched.reduce((sum, answer) => sum + answer.unpackedBytes, 0);
    if (unpacked > UNPACKED_BYTES / 4)
      fetchBytes = Math.min(
        MOST_BYTES,
        Math.max(LEAST_BYTES, Math.round((asked * UNPACKED_BYTES) / unpacked)),
      );
    return fetched;
  };

  async function indexed(fetched: Fetched, partition: OpenPartition): Promise<IndexedPartition | undefined> {
    if (fetched.next === partition.offset && fetched.records.length === 0) return undefined;
    // Records come with the time of the original; those that arrive while we watch failed just now.
    const live = fetched.next >= fetched.end && partition.caughtUp;
    partition.caughtUp = fetched.next >= fetched.end;
    const read: ReadRecord[] = [];
    const shaped: FailureShape[] = [];
    for (const [index, raw] of fetched.records.entries()) {
      if (index % TURN === TURN - 1) await setImmediate();
      const record = readRecord(raw);
      shaped.push(shapes.of(record.failure));
      // Traces are most of the bytes: held until the batch is written they would outlive the young generation.
      record.failure.trace = undefined;
      read.push(record);
    }
    const idsOf = await kept.idsOf(shaped);
    const at = now();
    const records: IndexedRecord[] = [];
    for (const [index, record] of read.entries()) {
      const shape = shaped[index];
      const raw = fetched.records[index];
      if (!shape || !raw) continue;
      if (index % TURN === TURN - 1) await setImmediate();
      const recordedAt = sane(record.timestamp, at);
      records.push({
        offset: record.offset,
        original: record.failure.original,
        connector: record.failure.connector,
        earlierFailures: record.earlierFailures,
        keyHash: record.keyHash,
        valueSize: record.valueSize,
        replay: record.replay,
        ids: idsOf(shape),
        keyText: await keys.of(record),
        event: await eventFacts(raw.value, avro),
        recordedAt,
        failedAt: record.appendTime || !live ? recordedAt : at,
        ...copyOf(raw, partition, at),
      });
    }
    const last = fetched.records.at(-1);
    return {
      topicId: partition.topicId,
      partition: partition.partition,
      incarnation: partition.incarnation,
      from: partition.offset,
      next: fetched.next,
      logStart: fetched.start,
      logEnd: fetched.end,
      anchor: last && { offset: last.offset, hash: anchorHash(last) },
      records,
    };
  }

  return {
    /** Reads what there is, or waits a moment for it. It is written by the time the next step ends. Returns how many records that were. */
    async step(): Promise<number> {
      await refresh();
      if (partitions.length === 0) {
        await pause(waitMs);
        return 0;
      }
      const known = new Map(
        partitions.map((partition) => [`${partition.topic}/${partition.partition}`, partition]),
      );
      const fetched = await (ahead ?? fetch());
      ahead = undefined;
      const batches: { batch: IndexedPartition; partition: OpenPartition }[] = [];
      const trouble = new Set<number>();
      steps += 1;
      for (const answer of fetched) {
        const partition = known.get(`${answer.topic}/${answer.partition}`);
        if (!partition || partition.offset !== answer.offset) continue;
        if (answer.problem && answer.problem !== "broken_batch") {
          trouble.add(partition.topicId);
          continue;
        }
        if (answer.problem === "broken_batch")
          await leases.note(
            partition,
            `Partition ${answer.partition} cannot be read at ${answer.next}: ${answer.reason}`,
          );
        const batch = await indexed(answer, partition);
        if (!batch) continue;
        readIn.set(partition, steps);
        batches.push({ batch, partition });
      }
      for (const { batch, partition } of batches) partition.offset = batch.next;
      // The next answer travels while this one is written.
      if (batches.length > 0 && trouble.size === 0) {
        ahead = fetch();
        ahead.catch(() => undefined);
      }
      await written();
      if (batches.length > 0) {
        writing = write(batches.map(({ batch }) => batch));
        writing.catch(() => undefined);
      }
      for (const topic of topics) if (trouble.has(topic.id)) await reopen(topic);
      return batches.reduce((sum, { batch }) => sum + batch.records.length, 0);
    },

    async run(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        try {
          await this.step();
        } catch (error) {
          log.warn({ err: error, cluster }, "dead letters are not indexed at the moment");
          ahead = undefined;
          openedAt.clear();
          lookedAt = 0;
          await pause(BETWEEN_FAILURES_MS, signal);
        }
      }
    },

    async close(): Promise<void> {
      await written();
      await leases.release();
      await reader.close();
    },
  };

  async function write(batches: readonly IndexedPartition[]): Promise<void> {
    const forget = () => {
      ahead = undefined;
      openedAt.clear();
      lookedAt = 0;
      partitions = [];
    };
    try {
      if (!(await writeBatch(pool, batches, now()))) forget();
    } catch (error) {
      forget();
      throw error;
    }
  }
}

/** Clocks are wrong: a time after now is now, none at all is now. */
function sane(timestamp: number, at: Date): Date {
  return timestamp > 0 && timestamp <= at.getTime() ? new Date(timestamp) : at;
}

function copyOf(raw: LazyRecord, partition: OpenPartition, at: Date): Pick<IndexedRecord, "copy"> {
  if (partition.copyDays <= 0) return {};
  const keptMs = (partition.retentionMs ?? 0) + partition.copyDays * 86_400_000;
  return {
    copy: {
      key: raw.key,
      value: raw.value,
      headers: raw.headers().map(([name, value]) => [name, value?.toString("base64") ?? null]),
      expiresAt: new Date(at.getTime() + keptMs),
    },
  };
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });
}
