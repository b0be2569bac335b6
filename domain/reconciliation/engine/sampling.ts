const Z_95 = 1.959963984540054;

/** Wilson's interval of a share, 95 %: honest at zero findings and small samples too. */
export function wilsonInterval(differing: number, compared: number): { low: number; high: number } {
  if (compared === 0) return { low: 0, high: 1 };
  const share = differing / compared;
  const z2 = Z_95 * Z_95;
  const scale = 1 + z2 / compared;
  const middle = (share + z2 / (2 * compared)) / scale;
  const half = (Z_95 / scale) * Math.sqrt((share * (1 - share)) / compared + z2 / (4 * compared * compared));
  return {
    low: differing === 0 ? 0 : Math.max(0, middle - half),
    high: differing === compared ? 1 : Math.min(1, middle + half),
  };
}

/** How many rows have to agree before drift of `share` would have shown itself with this confidence. */
export function sampleSize(share: number, confidence: number): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(1 - share));
}

/** Classes of the key's hash that together hold about `rows` of `total` rows, the same on both ends. */
export function sampledBuckets(
  rows: number,
  total: number,
  seed: number,
): { buckets: number; chosen: Float64Array } {
  const wanted = Math.max(1, Math.min(rows, total));
  // About 32 rows a class: many small classes spread over the whole table.
  const buckets = 2 ** Math.max(0, Math.min(24, Math.round(Math.log2(Math.max(1, total) / 32))));
  const count = Math.max(1, Math.min(buckets, Math.round((wanted / Math.max(1, total)) * buckets)));
  const first = Math.abs(Math.trunc(seed)) % buckets;
  const chosen = Float64Array.from({ length: count }, (_class, index) => (first + index) % buckets).sort();
  return { buckets, chosen };
}
