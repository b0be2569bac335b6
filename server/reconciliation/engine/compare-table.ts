import type { CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import type { Comparison, UncheckedColumn } from "#domain/reconciliation/engine/comparison.ts";
import type { KeyText } from "#domain/reconciliation/engine/key-text.ts";
import type { DifferenceKind } from "#domain/reconciliation/engine/suspect.ts";
import type { PositionGate } from "./position-gate.ts";
import type { HashKind, SideCost, TableSide } from "./side.ts";

export type Method = "row_count" | "checksum" | "timestamp_window" | "sample";

/** What part of the table is looked at. */
export type Coverage =
  | { kind: "full" }
  /** Part `part` of `of`, by key: a cold slice that moves on every hour. */
  | { kind: "slice"; part: number; of: number }
  /** These keys, read page by page: what the topics carried since the last run. */
  | { kind: "keys"; pages: AsyncIterable<readonly KeyText[]> }
  /** Rows whose column lies in `[from, to)` on either end. */
  | { kind: "window"; column: string; from: Date; to: Date }
  /** About so many keys, picked by a hash of the key: the same on both ends. */
  | { kind: "sample"; rows: number; seed: number };

export interface CompareLimits {
  statementTimeoutMs: number;
  /** A slice is sized to take about this long. */
  sliceMs: number;
  maxRowsPerSecond: number | undefined;
  /** How long a single wait for the target may take before the run says "not verifiable". */
  gateTimeoutMs: number;
  /** Rounds a suspect may keep changing before it counts as unstable. */
  maxRounds: number;
  /** Suspects held in memory before a round of re-checks has to clear them. */
  maxSuspects: number;
}

export interface Difference {
  kind: DifferenceKind;
  key: KeyText;
  /** The key's canonical values. */
  keyValues: readonly string[];
  /** In the order of `comparison.columns`; nothing where the row is missing. */
  source: CanonicalRow | undefined;
  target: CanonicalRow | undefined;
  /** Names (of the source) of the columns that differ. */
  columns: readonly string[];
  /** More than one row has this key in the target. */
  duplicates: number;
}

export interface CompareProgress {
  phase: "planning" | "scanning" | "confirming" | "done";
  rowsDone: number;
  rowsTotal: number;
  suspects: number;
  confirmed: number;
  /** Milliseconds left, as far as the pace so far tells. */
  leftMs: number | undefined;
}

/** Opaque to the caller, plain JSON: store it, give it back to go on after a crash. */
export type Checkpoint = { readonly [key: string]: unknown };

export interface CompareInput {
  source: TableSide;
  target: TableSide;
  /** From `planComparison(sourceShape, targetShape, mapping)`. */
  comparison: Comparison;
  gate: PositionGate;
  method: Method;
  coverage: Coverage;
  limits: CompareLimits;
  resumeFrom: Checkpoint | undefined;
  /** Share of rows expected to differ, from the last run; steers how fine the buckets are. */
  expectedDrift: number | undefined;
  signal: AbortSignal;
  /** Awaited. A difference can be told again after a resume: keep one per key. */
  onDifferences(differences: readonly Difference[]): Promise<void>;
  onCheckpoint(checkpoint: Checkpoint): Promise<void>;
  onProgress(progress: CompareProgress): void;
}

export type CompareOutcome = "verified" | "not_verifiable";

export interface CompareResult {
  outcome: CompareOutcome;
  /** Why it is not verifiable. */
  reason: string | undefined;
  /** Everything the source had committed up to here was compared. */
  verifiedThrough: { position: string; at: Date } | undefined;
  rows: { source: number; target: number };
  /** Sum of the rows' hashes in hexadecimal, full coverage with a checksum only. */
  checksums: { source: string; target: string } | undefined;
  hash: HashKind;
  /** Compared keys, on either end. */
  comparedKeys: number;
  found: Record<DifferenceKind, number>;
  /** Differed at first, agreed once the target had caught up. */
  inFlight: number;
  /** Changed in every round: not drift, not proven equal. */
  unstable: { count: number; keys: readonly KeyText[] };
  unchecked: readonly UncheckedColumn[];
  /** Of a sample: share of differing rows with its 95 % interval. */
  interval: { low: number; high: number } | undefined;
  cost: { source: SideCost; target: SideCost; elapsedMs: number; waitedMs: number };
  plan: { bucketRows: number; slices: number; predictedMs: number };
}
