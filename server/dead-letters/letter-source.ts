import { kafkaFailure } from "#server/kafka/failures.ts";
import type { Fetched, PartitionReader } from "#server/kafka/partition-reader.ts";
import type { LazyRecord } from "#server/kafka/record-batch.ts";

export interface LetterPlace {
  topic: string;
  partition: number;
  offset: number;
}

interface Window {
  from: number;
  next: number;
  records: LazyRecord[];
  /** The first record not passed yet: places are asked for in order. */
  at: number;
}

const FETCH_BYTES = 1 << 20;

export type LetterSource = ReturnType<typeof createLetterSource>;

/** Raw dead letters by position. Places asked for in order are read along the topic, each batch of Kafka's once. */
export function createLetterSource(reader: PartitionReader, cluster: string) {
  const windows = new Map<string, Window>();

  return {
    /** Undefined where Kafka no longer has it, or its bytes are broken. */
    async read({ topic, partition, offset }: LetterPlace): Promise<LazyRecord | undefined> {
      const place = `${topic}/${partition}`;
      let window = windows.get(place);
      if (!window || offset < window.from || offset >= window.next) {
        const [fetched] = await reader.fetch([{ topic, partition, offset }], {
          waitMs: 0,
          partitionBytes: FETCH_BYTES,
        });
        const { records, next } = foundAt(cluster, place, fetched);
        window = { from: offset, next: Math.max(next, offset + 1), records, at: 0 };
        windows.set(place, window);
      }
      const { records } = window;
      if ((records[window.at]?.offset ?? 0) > offset) window.at = 0;
      while (window.at < records.length && (records[window.at]?.offset ?? 0) < offset) window.at += 1;
      const record = records[window.at];
      return record?.offset === offset ? record : undefined;
    },
  };
}

/** Only what is out of range is gone; what cannot be read now is asked for again. */
export function foundAt(
  cluster: string,
  place: string,
  fetched: Fetched | undefined,
): Pick<Fetched, "records" | "next"> {
  const { problem } = fetched ?? {};
  if (!fetched || problem === "moved" || problem === "unknown_topic" || problem === "refused")
    throw kafkaFailure(cluster, new Error(`${place} could not be read: ${problem ?? "no answer"}`));
  return problem === "out_of_range" ? { records: [], next: fetched.next } : fetched;
}
