import {
  addNotifications,
  readNotification,
  type SnapshotProgress,
} from "#domain/observability/snapshot-progress.ts";
import type { Deps } from "#server/deps.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import type { Offsets } from "#server/kafka/kafka-client.ts";

interface Source {
  topic: string;
  /** By partition: where to read on. */
  next: Map<number, number>;
  snapshot: SnapshotProgress | undefined;
}

/** Enough for the latest snapshot of hundreds of tables; older ones are history. */
const FIRST_READ = 400;

/** Follows the notification topics of the sources, which tell how their snapshots go. */
export function createNotificationReader(
  { kafka, registry }: Pick<Deps, "kafka" | "registry">,
  cluster: string,
) {
  const sources = new Map<string, Source>();

  return {
    snapshotOf: (source: string) => sources.get(source)?.snapshot,

    async read(
      topics: readonly { source: string; topic: string }[],
      begins: Offsets,
      ends: Offsets,
    ): Promise<void> {
      const avro = registry(cluster)?.avro;
      for (const { source, topic } of topics) {
        const known = sources.get(source);
        const state = known?.topic === topic ? known : { topic, next: new Map(), snapshot: undefined };
        sources.set(source, state);
        const positions = [...(ends.get(topic) ?? [])].flatMap(([partition, end]) => {
          const begin = begins.get(topic)?.get(partition) ?? 0;
          const next = state.next.get(partition) ?? Math.max(begin, end - FIRST_READ);
          return end > next ? [{ topic, partition, offset: Math.max(next, begin) }] : [];
        });
        if (positions.length === 0) continue;
        const records = await kafka(cluster).readFrom(positions, 512 * 1024);
        const parts = await Promise.all(records.map((record) => decodePart(record, "value", avro)));
        if (avro && parts.some((part) => part.problem)) continue;
        const notifications = parts.flatMap((part) => readNotification(part.value) ?? []);
        state.snapshot = addNotifications(state.snapshot, notifications);
        for (const { partition, offset } of records)
          state.next.set(partition, Math.max(state.next.get(partition) ?? 0, offset + 1));
      }
    },
  };
}
