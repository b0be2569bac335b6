import type { Position, Verdict } from "./schema.ts";

/** One dead letter chosen for a replay. */
export interface ReplayCandidate {
  id: number;
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
 * The order of a replay: by source position, so that events of a row keep the order in which they happened. Of two
 * dead letters of the same event (a sink that crashed before it committed reports one twice) only the first is kept.
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
    const position = items.length;
    const row =
      candidate.keyHash === undefined ? undefined : `${candidate.original?.topic ?? ""} ${candidate.keyHash}`;
    const chain = (row !== undefined && chains.get(row)) || { first: position, length: 0 };
    items.push({ ...candidate, position, wave: chain.length, chain: chain.first });
    chain.length += 1;
    if (row !== undefined) chains.set(row, chain);
  }
  return { items, duplicates };
}

function bySource(a: ReplayCandidate, b: ReplayCandidate): number {
  if (!a.original || !b.original) return Number(!a.original) - Number(!b.original) || a.id - b.id;
  if (a.original.topic !== b.original.topic) return a.original.topic < b.original.topic ? -1 : 1;
  return a.original.partition - b.original.partition || a.original.offset - b.original.offset || a.id - b.id;
}

export function positionText({ topic, partition, offset }: Position): string {
  return `${topic}-${partition}@${offset}`;
}
