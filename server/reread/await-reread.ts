import { setTimeout as delay } from "node:timers/promises";
import { type RowKey, rowKeyText } from "#domain/reread/row-filter.ts";
import { readScanNotice } from "#domain/reread/scan-notice.ts";
import type { Deps } from "#server/deps.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import type { RereadRequest } from "./request-reread.ts";

/** Where the event of a row lies. */
export interface ArrivedRow {
  key: RowKey;
  partition: number;
  offset: number;
}

export interface RereadArrival {
  arrived: ArrivedRow[];
  /** Rows that did not come. */
  missing: RowKey[];
  /**
   * How it ended. `complete`: the source said that it was done, so the missing ones are not there; `late`: the time was
   * over; `stopped`: the source stopped in the middle; `failed`: it could not read the table and said so.
   */
  how: "complete" | "late" | "stopped" | "failed";
}

const LOOK_EVERY_MS = 500;
const ASK_EVERY_MS = 2_000;
/** Rows still under way when the source tells that it is done. */
const AFTER_NOTICE_MS = 3_000;

/**
 * Waits until every row that was asked for has come through its topic, the source says that it is done, or the time is
 * over. Any newer event of a row counts: it holds the row as the source had it after the request.
 */
export async function awaitReread(
  deps: Pick<Deps, "cluster" | "registry">,
  request: RereadRequest,
  {
    signal,
    timeoutMs = 180_000,
    onProgress,
    isStopped,
    nudge,
  }: {
    signal: AbortSignal;
    timeoutMs?: number;
    onProgress?: (arrived: number) => Promise<void>;
    isStopped: () => Promise<boolean>;
    nudge: (() => Promise<void>) | undefined;
  },
): Promise<RereadArrival> {
  const { source } = request;
  const waiting = new Map(request.keys.map((key) => [rowKeyText(key), key]));
  const arrived: ArrivedRow[] = [];
  const reader = createPartitionReader({ cluster: source.cluster, ...deps.cluster(source.cluster).kafka });
  const avro = deps.registry(source.cluster)?.avro;
  const next = new Map(request.starts.map(({ partition, offset }) => [partition, offset]));
  const notices = createNotices(reader, request, avro);
  const until = performance.now() + timeoutMs;
  let doneAt: number | undefined;
  let askedAt = performance.now();
  const end = (how: RereadArrival["how"]): RereadArrival => ({
    arrived,
    missing: [...waiting.values()],
    how,
  });
  try {
    for (;;) {
      signal.throwIfAborted();
      const fetched = await reader.fetch(
        [...next].map(([partition, offset]) => ({ topic: source.topic, partition, offset })),
        { waitMs: LOOK_EVERY_MS },
      );
      for (const { partition, records, next: readTo } of fetched) {
        next.set(partition, Math.max(readTo, next.get(partition) ?? 0));
        for (const record of records) {
          const headers = Object.fromEntries(
            record.headers().map(([name, value]) => [name, value ?? undefined]),
          );
          const { value } = await decodePart({ key: record.key, value: null, headers }, "key", avro);
          const text = isFields(value) ? rowKeyText(value) : undefined;
          const key = text === undefined ? undefined : waiting.get(text);
          if (text === undefined || key === undefined) continue;
          waiting.delete(text);
          arrived.push({ key, partition, offset: record.offset });
        }
      }
      await onProgress?.(arrived.length);
      if (waiting.size === 0) return end("complete");
      await notices.look();
      if (notices.hasEnded()) doneAt ??= performance.now();
      if (doneAt !== undefined && performance.now() - doneAt > AFTER_NOTICE_MS)
        return end(notices.hasFailed() ? "failed" : "complete");
      if (performance.now() > until) return end("late");
      if (performance.now() - askedAt > ASK_EVERY_MS) {
        if (await isStopped()) return end("stopped");
        askedAt = performance.now();
        await nudge?.();
      }
      await delay(LOOK_EVERY_MS, undefined, { signal });
    }
  } finally {
    await reader.close();
  }
}

/** Follows what the source tells about its snapshots. */
function createNotices(
  reader: PartitionReader,
  { signalId, source, notifiedFrom }: RereadRequest,
  avro: Parameters<typeof decodePart>[2],
) {
  const topic = source.channel.notifications;
  let next = new Map(notifiedFrom.map(({ partition, offset }) => [partition, offset]));
  let ended = false;
  let failed = false;

  return {
    hasEnded: () => ended,
    hasFailed: () => failed,
    async look(): Promise<void> {
      if (topic === undefined) return;
      if (next.size === 0) {
        const known = await reader.offsets(topic).catch(() => []);
        next = new Map(known.map(({ partition, start }) => [partition, start]));
        if (next.size === 0) return;
      }
      const fetched = await reader.fetch(
        [...next].map(([partition, offset]) => ({ topic, partition, offset })),
        { waitMs: 0 },
      );
      for (const { partition, records, next: readTo } of fetched) {
        next.set(partition, Math.max(readTo, next.get(partition) ?? 0));
        for (const record of records) {
          const headers = Object.fromEntries(
            record.headers().map(([name, value]) => [name, value ?? undefined]),
          );
          const { value } = await decodePart({ key: null, value: record.value, headers }, "value", avro);
          const notice = readScanNotice(value, signalId);
          ended ||= notice === "ended";
          failed ||= notice === "failed";
        }
      }
    },
  };
}

function isFields(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
