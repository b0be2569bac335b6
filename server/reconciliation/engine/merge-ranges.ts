import type { BucketSpace } from "#domain/reconciliation/engine/bucket-space.ts";

/** Half-open key ranges of ascending buckets; neighbouring buckets become one range. */
export function mergeRanges(
  buckets: Float64Array,
  { origin, width }: Extract<BucketSpace, { kind: "integer-range" }>,
): [bigint, bigint][] {
  const ranges: [bigint, bigint][] = [];
  for (const bucket of buckets) {
    const low = origin + BigInt(bucket) * width;
    const last = ranges.at(-1);
    if (last && last[1] === low) last[1] = low + width;
    else ranges.push([low, low + width]);
  }
  return ranges;
}
