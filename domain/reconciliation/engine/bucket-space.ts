/**
 * How rows fall into buckets, the same way on both ends. `integer-range`: the leading key column, `(key - origin) / width`
 * rounded down, the width a power of two. `key-hash`: the row's key hash modulo `buckets`. `row-hash`: of the whole row, for tables without a key.
 */
export type BucketSpace =
  | { kind: "integer-range"; origin: bigint; width: bigint }
  | { kind: "key-hash"; buckets: number }
  | { kind: "row-hash"; buckets: number };

/**
 * A part of the table that one statement reads. `range`: leading key column in `[from, to)`, open where nothing stands.
 * `classes`: rows whose key hash (row hash without a key) modulo `of` is `part`. `all`: the whole table.
 */
export type Slice =
  | { kind: "range"; from: bigint | undefined; to: bigint | undefined }
  | { kind: "classes"; part: number; of: number }
  | { kind: "all" };
