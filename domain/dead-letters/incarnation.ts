/** One partition as Kafka has it now, and how far it was indexed. */
export interface SeenPartition {
  start: number;
  end: number;
  /** Where indexing left off; undefined for a partition never seen. */
  next: number | undefined;
  /** True when another record now lies where the last indexed one was. */
  anchorMoved: boolean;
}

export interface JudgedPartition {
  /** Where to go on. */
  from: number;
  /** Records that were removed before they could be indexed. */
  lost: number;
  /** True when this cannot be the topic that was indexed: it was deleted and made again under its name. */
  recreated: boolean;
}

export function judgePartition({ start, end, next, anchorMoved }: SeenPartition): JudgedPartition {
  if (next === undefined) return { from: start, lost: 0, recreated: false };
  if (next > end || anchorMoved) return { from: start, lost: 0, recreated: true };
  if (next < start) return { from: start, lost: start - next, recreated: false };
  return { from: next, lost: 0, recreated: false };
}
