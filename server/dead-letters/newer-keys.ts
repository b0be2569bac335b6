import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { kafkaFailure } from "#server/kafka/failures.ts";
import type { Fetched, PartitionReader } from "#server/kafka/partition-reader.ts";
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
  /** Where not everything that came in could be read. */
  const untold = new Set<string>();
  /** Behind what we sent last. */
  const behindSent = new Map<string, number>();
  const unread = (place: string) => kafkaFailure(cluster, new Error(`${place} could not be read`));

  /** Notes the rows of what was fetched; true where there is more to read. */
  function take({ topic, partition, records, next: readTo, start, end, problem }: Fetched): boolean {
    const place = `${topic}/${partition}`;
    // A leader that moves or a broker that has only just started is asked again by whoever called; what is there may
    // overtake what we send.
    if (problem === "moved" || problem === "unknown_topic") throw unread(place);
    if (problem) untold.add(place);
    if (problem === "refused") return false;
    if (problem === "out_of_range") {
      if (next.get(place) === start) throw unread(place);
      next.set(place, start);
      return true;
    }
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
    next.set(place, readTo);
    return problem === undefined && readTo < end;
  }

  return {
    /** Reads partitions on to their present ends, all of them with each request. */
    async readOn(places: Iterable<string>): Promise<void> {
      let behind = [...places].filter((place) => next.has(place));
      while (behind.length > 0) {
        const from = behind.map((place) => ({ ...placeOf(place), offset: next.get(place) ?? 0 }));
        const fetched = await reader.fetch(from, { waitMs: 0 });
        behind = fetched.filter(take).map(({ topic, partition }) => `${topic}/${partition}`);
        const isMoved = fetched.some(
          ({ topic, partition, offset }) => next.get(`${topic}/${partition}`) !== offset,
        );
        if (behind[0] !== undefined && !isMoved) throw unread(behind[0]);
      }
    },

    /** What we have sent ourselves need not be read again, unless something came in before it. */
    sent(place: string, first: number, count: number): void {
      behindSent.set(place, first + count);
      if (next.get(place) === first) next.set(place, first + count);
    },

    /** Offsets that nothing sent from now on lies before. */
    async startsOf(places: Iterable<string>): Promise<Record<string, number>> {
      const starts: Record<string, number> = {};
      for (const place of places) {
        const known = Math.max(next.get(place) ?? -1, behindSent.get(place) ?? -1);
        starts[place] = known >= 0 ? known : await endOf(place);
      }
      return starts;
    },

    has: (place: string, keyHash: string): boolean => keys.get(place)?.has(keyHash) ?? false,

    /** False: a newer event of a row may have come in unseen. */
    isTold: (place: string): boolean => !untold.has(place),
  };

  async function endOf(place: string): Promise<number> {
    const { topic, partition } = placeOf(place);
    const ends = await reader.offsets(topic).catch((error: unknown) => {
      throw error instanceof AppError && error.code === "not_found" ? unread(place) : error;
    });
    const found = ends.find((candidate) => candidate.partition === partition);
    if (!found) throw unread(place);
    return found.end;
  }
}

export function placeOf(place: string): { topic: string; partition: number } {
  const split = place.lastIndexOf("/");
  return { topic: place.slice(0, split), partition: Number(place.slice(split + 1)) };
}
