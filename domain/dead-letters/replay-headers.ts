import { ERROR_HEADER_PREFIX } from "./error-headers.ts";

/** What Headgate adds to a record it sends again. */
export const REPLAY_HEADERS = {
  /** The replay; together with the position it tells one sending from every other. */
  id: "headgate.replay.id",
  position: "headgate.replay.position",
  /** How often this record has been replayed, this time included. */
  attempt: "headgate.replay.attempt",
  /** Where the dead letter lies: `topic-partition@offset`. */
  source: "headgate.replay.source",
} as const;

const OURS = new Set<string>(Object.values(REPLAY_HEADERS));

/**
 * Headers a replayed record keeps: all of its own, in their order. Error headers go, or they would grow with every
 * round until the record is too large, and marks of an earlier replay give way to this one's.
 */
export function keptHeaders<T extends readonly [name: string, ...unknown[]]>(headers: readonly T[]): T[] {
  return headers.filter(([name]) => !name.startsWith(ERROR_HEADER_PREFIX) && !OURS.has(name));
}
