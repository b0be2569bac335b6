import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { kafkaFailure } from "#server/kafka/failures.ts";
import type { PartitionReader } from "#server/kafka/partition-reader.ts";
import { hashKey } from "./read-record.ts";

export type NewerKeys = ReturnType<typeof createNewerKeys>;

/** Follows the original topics while a replay runs, and knows the rows that got a newer event from elsewhere. */
export function createNewerKeys(
  reader: PartitionReader,
  cluster: string,
  scannedTo: Readonly<Record<string, number>>,
  replayId: string,
) {
  const next = new Map(Object.entries(scannedTo));
  const keys = new Map<string, Set<string>>();

  return {
    /** Reads partitions on to their present ends, all of them with each request. */
    async readOn(places: Iterable<string>): Promise<void> {
      let behind = [...places].filter((place) => next.has(place));
      while (behind.length > 0) {
        const fetched = await reader.fetch(
          behind.map((place) => ({ ...placeOf(place), offset: next.get(place) ?? 0 })),
          { waitMs: 0 },
        );
        behind = [];
        for (const { topic, partition, records, next: readTo, end, problem } of fetched) {
          // A leader that moves is asked again by whoever called; what it has may overtake what we send.
          if (problem === "moved") throw kafkaFailure(cluster, new Error(`${topic}-${partition} has moved`));
          if (problem) continue;
          const place = `${topic}/${partition}`;
          const newer = keys.get(place) ?? new Set<string>();
          keys.set(place, newer);
          for (const record of records) {
            const key = record.key;
            if (key === null) continue;
            let isOurs = false;
            record.eachHeader((name, at, size) => {
              if (name === REPLAY_HEADERS.id) isOurs = record.text(at, Math.max(0, size)) === replayId;
            });
            if (!isOurs) newer.add(hashKey(topic, key).text);
          }
          const isMoved = readTo > (next.get(place) ?? 0);
          next.set(place, readTo);
          if (isMoved && readTo < end) behind.push(place);
        }
      }
    },

    /** What we have sent ourselves need not be read again, unless something came in before it. */
    sent(place: string, first: number, count: number): void {
      if (next.get(place) === first) next.set(place, first + count);
    },

    /** How far a partition was read: nothing sent from now on lies before it. */
    readTo: (place: string): number => next.get(place) ?? 0,

    has: (place: string, keyHash: string): boolean => keys.get(place)?.has(keyHash) ?? false,
  };
}

export function placeOf(place: string): { topic: string; partition: number } {
  const split = place.lastIndexOf("/");
  return { topic: place.slice(0, split), partition: Number(place.slice(split + 1)) };
}
