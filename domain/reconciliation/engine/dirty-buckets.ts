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
  const places = placesOf(target.buckets);
  const met = new Uint8Array(target.buckets.length);
  const dirty: [bucket: number, rows: number][] = [];
  for (let place = 0; place < source.buckets.length; place += 1) {
    const bucket = source.buckets[place] ?? 0;
    const other = places(bucket);
    const count = source.counts[place] ?? 0;
    if (other === undefined) {
      dirty.push([bucket, count]);
      continue;
    }
    met[other] = 1;
    const otherCount = target.counts[other] ?? 0;
    if (count !== otherCount || source.sums[place] !== target.sums[other])
      dirty.push([bucket, Math.max(count, otherCount)]);
  }
  for (let other = 0; other < met.length; other += 1)
    if (met[other] === 0) dirty.push([target.buckets[other] ?? 0, target.counts[other] ?? 0]);
  dirty.sort(([a], [b]) => a - b);
  return {
    buckets: Float64Array.from(dirty, ([bucket]) => bucket),
    rows: Float64Array.from(dirty, ([, rows]) => rows),
  };
}

/** Where a bucket stands in the list. Buckets that lie close together, as most do, need no map. */
function placesOf(buckets: Float64Array): (bucket: number) => number | undefined {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const bucket of buckets) [low, high] = [Math.min(low, bucket), Math.max(high, bucket)];
  if (buckets.length === 0 || high - low >= 8 * buckets.length) {
    const found = new Map(Array.from(buckets, (bucket, place) => [bucket, place]));
    return (bucket) => found.get(bucket);
  }
  const places = new Int32Array(high - low + 1).fill(-1);
  buckets.forEach((bucket, place) => {
    places[bucket - low] = place;
  });
  return (bucket) => {
    const place = places[bucket - low];
    return place === undefined || place < 0 ? undefined : place;
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
