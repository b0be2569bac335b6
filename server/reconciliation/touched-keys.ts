import { setImmediate as breathe } from "node:timers/promises";
import type { Comparison } from "#domain/reconciliation/engine/comparison.ts";
import { keyFromRecord } from "#domain/reconciliation/engine/key-from-record.ts";
import type { KeyText } from "#domain/reconciliation/engine/key-text.ts";
import type { Deps } from "#server/deps.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";

export type TopicPositions = Record<string, number>;

/** Whether the topic can say which rows were touched between two positions. */
export type TouchedScan =
  | { canTell: true; events: number }
  /** Why every row has to be looked at instead. */
  | { canTell: false; because: string };

export interface TouchedTopic {
  /** End of every partition now. */
  ends(): Promise<TopicPositions>;
  judge(from: TopicPositions | null, to: TopicPositions, tableRows: number | null): Promise<TouchedScan>;
  /** Distinct keys of the records in between, in pages. Throws `UnreadableKey` at the first it cannot read. */
  pages(from: TopicPositions, to: TopicPositions, signal: AbortSignal): AsyncGenerator<KeyText[]>;
  close(): Promise<void>;
}

/** A record without a key, or one this comparison cannot be looked up by. */
export class UnreadableKey extends Error {}

const PAGE = 2_000;
/** Keys remembered so that none is looked at twice; beyond it a repeated key costs a second look. */
const REMEMBERED = 500_000;
const FETCH_BYTES = 4 << 20;
/** From this share of the table on, reading all of it costs less than reading keys one by one. */
const WORTH_SHARE = 0.25;

export function openTouchedTopic(
  deps: Pick<Deps, "cluster" | "registry">,
  cluster: string,
  topic: string,
  comparison: Comparison,
): TouchedTopic {
  const reader = createPartitionReader({ cluster, ...deps.cluster(cluster).kafka });
  return {
    async ends() {
      const offsets = await reader.offsets(topic);
      return Object.fromEntries(offsets.map(({ partition, end }) => [String(partition), end]));
    },
    judge: (from, to, tableRows) => judge(reader, topic, { from, to, tableRows, comparison }),
    pages: (from, to, signal) => pages(deps, { reader, cluster, topic, comparison, from, to, signal }),
    close: () => reader.close(),
  };
}

async function judge(
  reader: PartitionReader,
  topic: string,
  scan: {
    from: TopicPositions | null;
    to: TopicPositions;
    tableRows: number | null;
    comparison: Comparison;
  },
): Promise<TouchedScan> {
  const { from, to, tableRows, comparison } = scan;
  if (comparison.keyLength === 0)
    return { canTell: false, because: "the table has no key that both ends can be looked up by" };
  if (!from) return { canTell: false, because: "no earlier check knows where to go on in the topic" };
  let events = 0;
  for (const { partition, start } of await reader.offsets(topic)) {
    const [first, last] = [from[String(partition)] ?? 0, to[String(partition)] ?? 0];
    if (last < first) return { canTell: false, because: "the topic was made anew since the last check" };
    if (start > first && last > first)
      return { canTell: false, because: "retention removed events since the last check" };
    events += last - first;
  }
  if (tableRows !== null && events > PAGE && events > tableRows * WORTH_SHARE)
    return { canTell: false, because: `${events} events touched more than single rows are worth` };
  return { canTell: true, events };
}

interface PageScan {
  reader: PartitionReader;
  cluster: string;
  topic: string;
  comparison: Comparison;
  from: TopicPositions;
  to: TopicPositions;
  signal: AbortSignal;
}

async function* pages(deps: Pick<Deps, "registry">, scan: PageScan): AsyncGenerator<KeyText[]> {
  const { reader, topic, from, to, signal } = scan;
  const avro = deps.registry(scan.cluster)?.avro;
  const known = new Set<KeyText>();
  let page: KeyText[] = [];
  for (const [partition, end] of Object.entries(to)) {
    let offset = from[partition] ?? 0;
    while (offset < end) {
      signal.throwIfAborted();
      const [fetched] = await reader.fetch([{ topic, partition: Number(partition), offset }], {
        waitMs: 50,
        partitionBytes: FETCH_BYTES,
        totalBytes: FETCH_BYTES,
      });
      if (!fetched || fetched.problem)
        throw new UnreadableKey(`the topic could not be read at ${partition}@${offset}: ${fetched?.problem}`);
      for (const record of fetched.records) {
        if (record.offset >= end) break;
        const headers = Object.fromEntries(
          record.headers().map(([name, value]) => [name, value ?? undefined]),
        );
        if (!record.key) throw new UnreadableKey("the topic's records have no key");
        const decoded = await decodePart({ key: record.key, value: null, headers }, "key", avro);
        const key = keyFromRecord(scan.comparison, decoded.value);
        if (key === undefined) throw new UnreadableKey("the topic's keys cannot be read for this table");
        if (known.has(key)) continue;
        if (known.size < REMEMBERED) known.add(key);
        page.push(key);
        if (page.length >= PAGE) {
          yield page;
          page = [];
        }
      }
      // A partition of control records alone moves on too.
      offset = Math.max(fetched.next, offset + (fetched.records.length > 0 ? 0 : 1));
      await breathe();
    }
  }
  if (page.length > 0) yield page;
}
