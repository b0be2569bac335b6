import { AppError } from "#domain/errors/app-error.ts";
import type { CanonicalRow } from "#domain/reconciliation/engine/canonical-form.ts";
import { type Comparison, layoutOf, type UncheckedColumn } from "#domain/reconciliation/engine/comparison.ts";
import type { KeyText } from "#domain/reconciliation/engine/key-text.ts";
import { wilsonInterval } from "#domain/reconciliation/engine/sampling.ts";
import type { DifferenceKind } from "#domain/reconciliation/engine/suspect.ts";
import { confirmSuspects } from "./confirm-suspects.ts";
import type { Sides } from "./plan-scan.ts";
import { onOneServer, type PositionGate } from "./position-gate.ts";
import { scanTable } from "./scan-table.ts";
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
  /** `waiting`: the source is busy, or the pace allowed is used up. */
  phase: "planning" | "scanning" | "waiting" | "confirming" | "done";
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

/**
 * Compares one table of the source with one of the target and tells every row that differs, once it is sure. Throws when an
 * end fails, and with `signal.reason` when it is called off.
 */
export async function compareTable(input: CompareInput): Promise<CompareResult> {
  const started = performance.now();
  const failed = new AbortController();
  const signal = AbortSignal.any([input.signal, failed.signal]);
  const limits = { statementTimeoutMs: input.limits.statementTimeoutMs, signal };
  const { source: from, target: to, comparison } = input;
  if (comparison.columns.length === 0)
    throw new AppError("invalid", `${from.table} and ${to.table} have no column in common`);
  const opening = [
    from.open(layoutOf(comparison, "source"), limits),
    to.open(layoutOf(comparison, "target"), limits),
  ] as const;
  try {
    const [source, target] = await Promise.all(opening);
    const gate = onOneServer(input.gate, undefined);
    return await compareOpen({ source, target }, { ...input, gate }, signal, started);
  } catch (error) {
    // Statements of the other end are not waited for.
    failed.abort(error);
    // Whatever was being waited for ends in words of its own.
    throw input.signal.aborted ? input.signal.reason : error;
  } finally {
    for (const side of await Promise.allSettled(opening))
      if (side.status === "fulfilled") await side.value.close();
  }
}

async function compareOpen(
  sides: Sides,
  input: CompareInput,
  signal: AbortSignal,
  started: number,
): Promise<CompareResult> {
  const hash = await agreeOnHash(sides, input);
  const { state, plan, rowBytes, ...scan } = await scanTable(sides, input, hash, signal);
  const progress = { rowsDone: state.rows.source, rowsTotal: state.rows.source, leftMs: undefined };
  input.onProgress({
    ...progress,
    phase: "confirming",
    suspects: state.suspects.length,
    confirmed: total(state.found),
  });
  const last = await confirmSuspects(sides, input, { hash, rowBytes }, state.suspects, signal);
  for (const kind of last.confirmed) state.found[kind] += 1;
  const confirmed = total(state.found);
  input.onProgress({ ...progress, phase: "done", suspects: 0, confirmed });
  const comparedKeys = Math.max(state.rows.source, state.rows.target) + onlyOnOneEnd(state);
  const reason = scan.notVerifiable ?? last.notVerifiable;
  const unstable = [...state.unstable, ...last.unstable];
  const full = input.coverage.kind === "full" && input.method === "checksum";
  return {
    outcome: reason === undefined ? "verified" : "not_verifiable",
    reason,
    verifiedThrough: reason === undefined ? state.verifiedThrough : undefined,
    rows: state.rows,
    checksums: full ? { source: hex(state.sums.source), target: hex(state.sums.target) } : undefined,
    hash,
    comparedKeys,
    found: state.found,
    inFlight: state.inFlight + last.inFlight,
    unstable: { count: unstable.length, keys: unstable.slice(0, MOST_UNSTABLE) },
    unchecked: input.comparison.unchecked,
    interval: input.coverage.kind === "sample" ? wilsonInterval(confirmed, comparedKeys) : undefined,
    cost: {
      source: sides.source.cost(),
      target: sides.target.cost(),
      elapsedMs: Math.round(performance.now() - started),
      waitedMs: Math.round(scan.waitedMs + last.waitedMs),
    },
    plan,
  };
}

const MOST_UNSTABLE = 1_000;

/** Keys of the end with fewer rows that the other does not have. */
function onlyOnOneEnd({
  rows,
  found,
}: {
  rows: CompareResult["rows"];
  found: CompareResult["found"];
}): number {
  return rows.source >= rows.target ? found.missing_in_source : found.missing_in_target;
}

function total(found: CompareResult["found"]): number {
  return found.missing_in_target + found.missing_in_source + found.value_mismatch;
}

function hex(sum: bigint): string {
  return BigInt.asUintN(64, sum).toString(16).padStart(16, "0");
}

/** The cheapest hash that both servers compute alike, by what they answer now. */
async function agreeOnHash(
  { source, target }: Sides,
  { method, source: from, target: to }: CompareInput,
): Promise<HashKind> {
  if (method === "row_count") return "presence";
  const [offered, accepted] = await Promise.all([source.hashes(), target.hashes()]);
  const agreed = offered.find(
    ({ kind, selfTest }) =>
      kind !== "presence" &&
      (kind !== "native" || from.engine === to.engine) &&
      accepted.some((other) => other.kind === kind && other.selfTest === selfTest),
  );
  if (agreed) return agreed.kind;
  throw new AppError(
    "upstream_contract_broken",
    `The databases of ${from.table} and ${to.table} compute no hash alike`,
    { upstream: from.engine },
  );
}
