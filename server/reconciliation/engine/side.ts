import type { BucketSpace, Slice } from "#domain/reconciliation/engine/bucket-space.ts";
import type { CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import type { SideLayout } from "#domain/reconciliation/engine/comparison.ts";
import type { KeyText } from "#domain/reconciliation/engine/key-text.ts";
import type { TableShape } from "#domain/reconciliation/engine/table-shape.ts";

/** One end of a comparison: a table in a source or a target database. */
export interface TableSide {
  readonly engine: string;
  /** `schema.table` in words for messages. */
  readonly table: string;
  /** The engine has no aggregate of XOR. */
  readonly onlySums?: true;
  /** The table as it is now. Throws `not_found` when there is none, `upstream_rejected` when it may not be read. */
  describe(signal: AbortSignal): Promise<TableShape>;
  /** A connection (or a few) of its own, read-only, session time zone UTC; `close` ends it. */
  open(layout: SideLayout, limits: SideLimits): Promise<SideReader>;
}

export interface SideLimits {
  /** Ends a single statement on the server. */
  statementTimeoutMs: number;
  signal: AbortSignal;
}

/**
 * `native`: the engine's own record hash, only against the same engine. `sha256`: the first 8 bytes of SHA-256 over the
 * canonical row. `presence`: nothing but the key, for counting.
 */
export type HashKind = "native" | "sha256" | "presence";

export interface HashOffer {
  kind: HashKind;
  /** Hashes of fixed values, computed by this server now. Two ends use a kind only when these agree. */
  selfTest: string;
  /** Rows per second one statement hashed, where it was measured; for the planner. */
  rowsPerSecond?: number;
}

/** Buckets of one slice that hold rows; same index in all three. */
export interface BucketHashes {
  buckets: Float64Array;
  counts: Uint32Array;
  /** The rows' hashes put together, order not counting. */
  sums: BigUint64Array;
}

/** One row as it was read by its key. */
export interface FoundRow {
  /** The same token that `rowHashes` gives for this row. */
  hash: string;
  values: CanonicalRow;
}

/** Same index in both. A hash is an opaque text: equal or not. */
export interface RowHashes {
  keys: KeyText[];
  hashes: string[];
}

/** Modulo 2^64. XOR is cheaper, and blind to a row that occurs twice. */
export type Combination = "xor" | "sum";

export interface BucketRequest {
  hash: HashKind;
  put: Combination;
  space: BucketSpace;
  slice: Slice;
}

export interface RowRequest extends BucketRequest {
  /** Only these buckets, ascending; all of the slice when absent. */
  buckets?: Float64Array | undefined;
}

export interface WindowRequest {
  /** A timestamp column of the layout. */
  column: string;
  /** Half open. */
  from: Date;
  to: Date;
}

export interface SideCost {
  statements: number;
  /** Rows the server went through, as far as the request tells. */
  rowsRead: number;
  bytesReceived: number;
  /** Time statements took as seen from here. */
  serverMs: number;
  /** Processor time where the engine tells. */
  serverCpuMs?: number | undefined;
}

/** Reads of one table through one layout. Every method can be called again; none is called twice at once. */
export interface SideReader {
  hashes(): Promise<readonly HashOffer[]>;
  estimate(): Promise<{ rows: number; bytes: number | undefined }>;
  /** Smallest and largest leading key, when it is an integer and there are rows. */
  keyRange(): Promise<{ min: bigint; max: bigint } | undefined>;
  /** Up to `count - 1` ascending leading keys that split the table into like parts. Integer keys only. */
  splits(count: number): Promise<bigint[]>;
  bucketHashes(request: BucketRequest): Promise<BucketHashes>;
  /**
   * Any order, in batches of moderate size. Without a key the "key" is the row's hash and the "hash" is how many such rows
   * there are. A key that occurs more than once comes that many times.
   */
  rowHashes(request: RowRequest): AsyncIterable<RowHashes>;
  /** The key is a single integer, so that `integerRows` can be asked. */
  readonly packsIntegers: boolean;
  /**
   * The same of ranges under a single integer key, 16 bytes a row as in `integer-rows.ts` and ascending by key; nothing where
   * a key is too large for that.
   */
  integerRows(request: RowRequest): Promise<Buffer | undefined>;
  /** Of given keys only; absent rows are left out. */
  keyHashes(hash: HashKind, keys: readonly KeyText[]): Promise<RowHashes>;
  /** Whole canonical rows of given keys; all rows of a key that occurs more than once. At most 5,000 keys a call. */
  rows(hash: HashKind, keys: readonly KeyText[]): Promise<Map<KeyText, FoundRow[]>>;
  /** Keys of rows whose column lies in the window. */
  keysInWindow(request: WindowRequest): AsyncIterable<KeyText[]>;
  /** Somebody else needs the server now: active sessions, lag; the run waits then. */
  isBusy(): Promise<boolean>;
  cost(): SideCost;
  close(): Promise<void>;
}
