/** Buckets of one end: same index in all three. */
export interface BucketList {
  buckets: Float64Array;
  counts: Uint32Array;
  sums: BigUint64Array;
}

export interface DirtyBuckets {
  /** Ascending. */
  buckets: Float64Array;
  /** Rows of the fuller end, by the same index. */
  rows: Float64Array;
}

/** Buckets that are not the same on both ends: another sum, another count, or there only once. */
export function findDirtyBuckets(source: BucketList, target: BucketList): DirtyBuckets {
  const places = new Map<number, number>();
  for (let place = 0; place < target.buckets.length; place += 1)
    places.set(target.buckets[place] ?? 0, place);
  const dirty: [bucket: number, rows: number][] = [];
  for (let place = 0; place < source.buckets.length; place += 1) {
    const bucket = source.buckets[place] ?? 0;
    const other = places.get(bucket);
    const count = source.counts[place] ?? 0;
    if (other === undefined) {
      dirty.push([bucket, count]);
      continue;
    }
    places.delete(bucket);
    const otherCount = target.counts[other] ?? 0;
    if (count !== otherCount || source.sums[place] !== target.sums[other])
      dirty.push([bucket, Math.max(count, otherCount)]);
  }
  for (const [bucket, place] of places) dirty.push([bucket, target.counts[place] ?? 0]);
  dirty.sort(([a], [b]) => a - b);
  return {
    buckets: Float64Array.from(dirty, ([bucket]) => bucket),
    rows: Float64Array.from(dirty, ([, rows]) => rows),
  };
}

/** Parts that hold about `mostRows` rows each, so that what is read at once fits in memory. */
export function portionBuckets({ buckets, rows }: DirtyBuckets, mostRows: number): Float64Array[] {
  const portions: Float64Array[] = [];
  let [start, held] = [0, 0];
  for (let place = 0; place < buckets.length; place += 1) {
    held += rows[place] ?? 0;
    if (held < mostRows && place < buckets.length - 1) continue;
    portions.push(buckets.subarray(start, place + 1));
    [start, held] = [place + 1, 0];
  }
  return portions;
}
