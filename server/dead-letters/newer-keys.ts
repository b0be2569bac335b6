import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import type { PartitionReader } from "#server/kafka/partition-reader.ts";
import { hashKey } from "./read-record.ts";

export type NewerKeys = ReturnType<typeof createNewerKeys>;

/** Follows the original topics while a replay runs, and knows the rows that got a newer event from elsewhere. */
export function createNewerKeys(
  reader: PartitionReader,
  scannedTo: Readonly<Record<string, number>>,
  replayId: string,
) {
  const next = new Map(Object.entries(scannedTo));
  const keys = new Map<string, Set<string>>();

  return {
    /** Reads a partition on to its present end. */
    async readOn(place: string): Promise<void> {
      const from = next.get(place);
      if (from === undefined) return;
      const split = place.lastIndexOf("/");
      const [topic, partition] = [place.slice(0, split), Number(place.slice(split + 1))];
      const newer = keys.get(place) ?? new Set<string>();
      keys.set(place, newer);
      for (let offset = from; ; ) {
        const [fetched] = await reader.fetch([{ topic, partition, offset }], { waitMs: 0 });
        if (!fetched || fetched.problem) return;
        for (const record of fetched.records) {
          const key = record.key;
          if (key === null) continue;
          let isOurs = false;
          record.eachHeader((name, at, size) => {
            if (name === REPLAY_HEADERS.id) isOurs = record.text(at, Math.max(0, size)) === replayId;
          });
          if (!isOurs) newer.add(hashKey(topic, key).text);
        }
        offset = fetched.next;
        next.set(place, offset);
        if (offset >= fetched.end) return;
      }
    },

    /** How far a partition was read: nothing sent from now on lies before it. */
    readTo: (place: string): number => next.get(place) ?? 0,

    has: (place: string, keyHash: string): boolean => keys.get(place)?.has(keyHash) ?? false,
  };
}
