import { type ChangeEvent, readChangeEvent } from "#domain/observability/change-event.ts";
import { aroundPosition, type KnownRecord, remember } from "#domain/observability/partition-history.ts";
import type { Deps } from "#server/deps.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import type { KafkaRecord, TopicPartition } from "#server/kafka/kafka-client.ts";

export interface TailPosition extends TopicPartition {
  begin: number;
  end: number;
}

export interface NewestEvent extends ChangeEvent {
  /** When it was written to Kafka. */
  capturedAt: number;
}

export interface SinkPosition extends TopicPartition {
  begin: number;
  /** Where the sink goes on reading. */
  next: number;
}

interface Partition {
  /** End offset up to which the newest record was read. */
  readTo: number;
  newest: NewestEvent | undefined;
  history: KnownRecord[];
}

/** Tombstones follow deletes and say nothing themselves, so a little more than one record is read. */
const BACK = 3;
/** Busy clusters are read in turns: numbers stay exact, times of the rest are one look older. */
const READS_PER_LOOK = 300;
/** A registry that hangs must not hold up the numbers; what was not decoded is read again at the next look. */
const DECODE_MS = 2_000;

/** Knows the newest event of each partition and the events around each sink's position, by reading single records. */
export function createTailReader({ kafka, registry }: Pick<Deps, "kafka" | "registry">, cluster: string) {
  const partitions = new Map<string, Partition>();

  const stateOf = (key: string): Partition => {
    const known = partitions.get(key);
    if (known) return known;
    const fresh = { readTo: 0, newest: undefined, history: [] };
    partitions.set(key, fresh);
    return fresh;
  };

  async function readNewest(tails: readonly TailPosition[]): Promise<void> {
    const dirty = tails.filter((tail) => {
      const state = stateOf(keyOf(tail));
      if (tail.end < state.readTo) Object.assign(state, { readTo: 0, newest: undefined, history: [] });
      return tail.end > state.readTo && tail.end > tail.begin;
    });
    dirty.sort((a, b) => stateOf(keyOf(a)).readTo - stateOf(keyOf(b)).readTo);
    const asked = dirty.slice(0, READS_PER_LOOK);
    const records = await kafka(cluster).readFrom(
      asked.map((tail) => ({ ...tail, offset: Math.max(tail.begin, tail.end - BACK) })),
    );
    const byPartition = Map.groupBy(records, keyOf);
    await Promise.all(
      asked.map(async (tail) => {
        const state = stateOf(keyOf(tail));
        const read = await decode((byPartition.get(keyOf(tail)) ?? []).slice(-BACK));
        if (!read) return;
        const newest = read.at(-1);
        if (newest) state.newest = { ...newest.event, capturedAt: newest.record.timestamp };
        state.history = remember(state.history, known(read));
        state.readTo = tail.end;
      }),
    );
  }

  /** Reads what is not known around the sinks' positions. */
  async function readAround(positions: readonly SinkPosition[]): Promise<void> {
    const missing = positions.filter((position) => {
      const { before, first } = around(position);
      return (position.next > position.begin && !before) || !first;
    });
    const asked = missing.slice(0, READS_PER_LOOK).map((position) => ({
      ...position,
      offset: Math.max(position.begin, position.next - 2),
    }));
    await readHistory(asked, 64 * 1024);
    // A batch may end just before the position.
    const still = asked.filter((position) => !around(position).first);
    await readHistory(
      still.map((position) => ({ ...position, offset: position.next })),
      64 * 1024,
    );
  }

  async function readHistory(
    positions: readonly (SinkPosition & { offset: number })[],
    maxBytes: number,
  ): Promise<void> {
    if (positions.length === 0) return;
    // Two sinks may stand at different places of one partition, and a request names each partition once.
    const rounds = Map.groupBy(positions, keyOf);
    for (let round = 0; round < 4; round++) {
      const now = [...rounds.values()].flatMap((asked) => asked[round] ?? []);
      if (now.length === 0) return;
      const byPartition = Map.groupBy(await kafka(cluster).readFrom(now, maxBytes), keyOf);
      await Promise.all(
        now.map(async (position) => {
          const near = (byPartition.get(keyOf(position)) ?? []).filter(
            (record) => record.offset <= position.next + 1,
          );
          const read = await decode(near);
          const state = stateOf(keyOf(position));
          if (read) state.history = remember(state.history, known(read));
        }),
      );
    }
  }

  function around(position: SinkPosition) {
    return aroundPosition(stateOf(keyOf(position)).history, position.next);
  }

  /** Events among the records; nothing if a schema could not be had in time. */
  async function decode(
    records: readonly KafkaRecord[],
  ): Promise<{ record: KafkaRecord; event: ChangeEvent }[] | undefined> {
    const avro = registry(cluster)?.avro;
    const decoded = await inTime(
      Promise.all(records.map(async (record) => ({ record, part: await decodePart(record, "value", avro) }))),
    );
    if (!decoded || (avro && decoded.some(({ part }) => part.problem))) return undefined;
    return decoded.flatMap(({ record, part }) => {
      const event = part.format === "null" ? undefined : readChangeEvent(part.value);
      return event ? [{ record, event }] : [];
    });
  }

  return {
    readNewest,
    readAround,
    newestOf: (partition: TopicPartition) => partitions.get(keyOf(partition))?.newest,
    around,
    /** Forgets partitions that no table has any more. */
    keepOnly(topics: ReadonlySet<string>): void {
      for (const key of partitions.keys()) {
        if (!topics.has(key.slice(0, key.lastIndexOf("/")))) partitions.delete(key);
      }
    },
  };
}

function known(read: readonly { record: KafkaRecord; event: ChangeEvent }[]): KnownRecord[] {
  return read.flatMap(({ record, event }) =>
    event.committedAt ? [{ offset: record.offset, at: event.committedAt }] : [],
  );
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}

async function inTime<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), DECODE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
