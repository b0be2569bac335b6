import type { ScanResult } from "#domain/dead-letters/verdict.ts";
import type { Fetched, PartitionReader } from "#server/kafka/partition-reader.ts";
import { hashKey, replayOf } from "./read-record.ts";

/** A row whose later events are looked for: the oldest selected event of it decides where to begin. */
export interface WatchedKey {
  keyHash: string;
  topic: string;
  partition: number;
  offset: number;
}

export interface ScanOfPartition {
  scan: ScanResult;
  /** End of the partition when it was read. */
  scannedTo: number;
  /** Offsets of events per key, in order, from the first watched one on. */
  events: Map<string, number[]>;
  /** Which of them replays have sent. */
  replayed: ReplayedEvent[];
}

/** An event that a replay sent again: how it ended is known from the replay, not from the topic. */
export interface ReplayedEvent {
  keyHash: string;
  offset: number;
  replayId: string;
  position: number;
}

const FETCH_BYTES = 4 << 20;

/**
 * Reads each original partition once from the oldest selected event to its end and notes every event of the watched
 * keys. Values are not looked at. Answers by `topic/partition`.
 */
export async function scanNewerEvents(
  reader: PartitionReader,
  watched: readonly WatchedKey[],
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (records: number) => Promise<void> } = {},
): Promise<Map<string, ScanOfPartition>> {
  const partitions = new Map<string, WatchedKey[]>();
  for (const key of watched) {
    const place = `${key.topic}/${key.partition}`;
    const known = partitions.get(place);
    if (known) known.push(key);
    else partitions.set(place, [key]);
  }
  const results = new Map<string, ScanOfPartition>();
  for (const [place, keys] of partitions)
    results.set(place, await scanPartition(reader, keys, { signal, onProgress }));
  return results;
}

async function scanPartition(
  reader: PartitionReader,
  keys: readonly WatchedKey[],
  {
    signal,
    onProgress,
  }: { signal: AbortSignal | undefined; onProgress: ((records: number) => Promise<void>) | undefined },
): Promise<ScanOfPartition> {
  const { topic, partition } = keys[0] ?? { topic: "", partition: 0 };
  const wanted = new Set(keys.map((key) => key.keyHash));
  const events = new Map<string, number[]>();
  const replayed: ReplayedEvent[] = [];
  let next = keys.reduce((oldest, key) => Math.min(oldest, key.offset), Number.MAX_SAFE_INTEGER);
  let scan: ScanResult = "complete";
  const fetch = async (offset: number) =>
    (
      await reader.fetch([{ topic, partition, offset }], {
        waitMs: 50,
        partitionBytes: FETCH_BYTES,
        totalBytes: FETCH_BYTES,
      })
    )[0];
  let ahead: Promise<Fetched | undefined> = fetch(next);
  for (;;) {
    signal?.throwIfAborted();
    const fetched = await ahead;
    if (!fetched || fetched.problem === "unknown_topic" || fetched.problem === "refused")
      return { scan: "impossible", scannedTo: 0, events, replayed };
    if (fetched.problem === "out_of_range") {
      // Behind the end the topic is another one; before its start, events were removed.
      if (next >= fetched.end || fetched.start <= next)
        return { scan: "impossible", scannedTo: fetched.end, events, replayed };
      scan = "gap";
      next = fetched.start;
      ahead = fetch(next);
      continue;
    }
    if (fetched.problem === "broken_batch")
      return { scan: "impossible", scannedTo: fetched.next, events, replayed };
    next = fetched.next;
    const isEnd = next >= fetched.end;
    if (!isEnd) {
      ahead = fetch(next);
      ahead.catch(() => undefined);
    }
    for (const record of fetched.records) {
      const key = record.key;
      if (key === null) continue;
      const { text } = hashKey(topic, key);
      if (!wanted.has(text)) continue;
      const known = events.get(text);
      if (known) known.push(record.offset);
      else events.set(text, [record.offset]);
      const sending = replayOf(record);
      if (sending) replayed.push({ keyHash: text, offset: record.offset, ...sending });
    }
    await onProgress?.(fetched.records.length);
    if (isEnd) return { scan, scannedTo: next, events, replayed };
  }
}
