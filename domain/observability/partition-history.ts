/** A record whose time is known. */
export interface KnownRecord {
  offset: number;
  /** When the source committed it, in milliseconds. */
  at: number;
}

const KEPT = 64;

/** The newest records of one partition whose times were read, oldest first; small on purpose. */
export function remember(history: readonly KnownRecord[], records: readonly KnownRecord[]): KnownRecord[] {
  const known = new Map([...history, ...records].map((record) => [record.offset, record]));
  return [...known.values()].sort((a, b) => a.offset - b.offset).slice(-KEPT);
}

export interface PartitionOffsets {
  /** Oldest record retention has left. */
  begin: number;
  /** Where the next record will stand. */
  end: number;
  /** What the sink's group committed; missing before its first commit. */
  committed?: number | undefined;
}

export interface PartitionLag {
  events: number;
  /** Records that retention removed before the sink read them. */
  lost: number;
  /** Where the sink goes on reading. */
  next: number;
}

/** A group that never committed starts with the oldest record; a group behind retention has lost what lies between. */
export function partitionLag({ begin, end, committed }: PartitionOffsets): PartitionLag {
  const next = Math.max(committed ?? begin, begin);
  const lost = committed === undefined ? 0 : Math.max(0, begin - committed);
  return { events: Math.max(0, end - next), lost, next };
}

/** The newest record the sink is done with, and the first it is not; a missing one has to be read. */
export function aroundPosition(
  history: readonly KnownRecord[],
  next: number,
): { before: KnownRecord | undefined; first: KnownRecord | undefined } {
  const before = history.findLast((record) => record.offset < next);
  const first = history.find((record) => record.offset >= next);
  return {
    // Tombstones carry no time: the record before the position may be one or two further back.
    before: before && next - before.offset <= 3 ? before : undefined,
    first: first && first.offset - next <= 2 ? first : undefined,
  };
}
