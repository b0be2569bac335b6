import type { Position, Verdict } from "./schema.ts";

/** One dead letter chosen for a replay. */
export interface ReplayCandidate {
  id: number;
  /** Where the dead letter lies. */
  at: Position;
  original: Position | undefined;
  /** Tells rows apart within a topic; undefined where the record has no key. */
  keyHash: string | undefined;
  verdict: Verdict;
}

export interface ReplayItem extends ReplayCandidate {
  /** Place in the plan. */
  position: number;
  /** Failed events of one row: the second waits in wave 1 until the first in wave 0 is known to have arrived. */
  wave: number;
  /** The first of the chain, by position; the item itself where it is alone or first. */
  chain: number;
}

/**
 * The order of a replay. Events of a row keep the order in which they happened: each waits a wave longer than the one
 * before it. Within a wave order does not matter, so records go as they lie and are read in one pass. Of two dead letters of the same event (a sink that crashed before it committed reports one twice) only the first is kept.
 */
export function orderReplay(candidates: readonly ReplayCandidate[]): {
  items: ReplayItem[];
  duplicates: number[];
} {
  const sorted = [...candidates].sort(bySource);
  const seen = new Set<string>();
  const chains = new Map<string, { first: number; length: number }>();
  const items: ReplayItem[] = [];
  const duplicates: number[] = [];
  for (const candidate of sorted) {
    const event = candidate.original && positionText(candidate.original);
    if (event !== undefined && seen.has(event)) {
      duplicates.push(candidate.id);
      continue;
    }
    if (event !== undefined) seen.add(event);
    const position = items.length; // Provisional: the place by source.
    const row =
      candidate.keyHash === undefined ? undefined : `${candidate.original?.topic ?? ""} ${candidate.keyHash}`;
    const chain = (row !== undefined && chains.get(row)) || { first: position, length: 0 };
    items.push({ ...candidate, position, wave: chain.length, chain: chain.first });
    chain.length += 1;
    if (row !== undefined) chains.set(row, chain);
  }
  return { items: asTheyLie(items), duplicates };
}

function asTheyLie(items: readonly ReplayItem[]): ReplayItem[] {
  const sorted = [...items].sort((a, b) => a.wave - b.wave || byPosition(a.at, b.at));
  const placeOf = new Map(sorted.map((item, place) => [item.position, place]));
  return sorted.map((item, position) => ({ ...item, position, chain: placeOf.get(item.chain) ?? position }));
}

function bySource(a: ReplayCandidate, b: ReplayCandidate): number {
  if (!a.original || !b.original) return Number(!a.original) - Number(!b.original) || a.id - b.id;
  return byPosition(a.original, b.original) || a.id - b.id;
}

function byPosition(a: Position, b: Position): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition || a.offset - b.offset;
}

export function positionText({ topic, partition, offset }: Position): string {
  return `${topic}-${partition}@${offset}`;
}
