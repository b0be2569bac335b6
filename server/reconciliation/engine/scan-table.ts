import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "#domain/errors/app-error.ts";
import {
  collectHashes,
  findSuspects,
  type HashesByKey,
} from "#domain/reconciliation/engine/compare-row-hashes.ts";
import { findDirtyBuckets, portionBuckets } from "#domain/reconciliation/engine/dirty-buckets.ts";
import type { KeyText } from "#domain/reconciliation/engine/key-text.ts";
import { readCheckpoint, type ScanState, subjectOf, writeCheckpoint } from "./checkpoint.ts";
import type { CompareInput, CompareProgress, CompareResult } from "./compare-table.ts";
import { confirmSuspects } from "./confirm-suspects.ts";
import { findIntegerSuspects } from "./integer-rows.ts";
import { planScan, type ScanPlan, type Sides } from "./plan-scan.ts";
import { onOneServer } from "./position-gate.ts";
import type { BucketHashes, BucketRequest, Combination, HashKind, RowRequest, SideReader } from "./side.ts";

/** Rows of one end that are held at once. */
const PORTION = 300_000;
const KEYS_AT_ONCE = 5_000;
const BUSY_POLL_MS = 1_000;

export interface Scanned {
  state: ScanState;
  plan: CompareResult["plan"];
  rowBytes: number;
  /** Why the rest cannot be judged: suspects grew too many on the way, and the target did not get past their mark. */
  notVerifiable: string | undefined;
  /** Spent waiting in re-checks on the way. */
  waitedMs: number;
}

/** Reads both ends once, part by part, and collects every key that looks different. */
export async function scanTable(
  sides: Sides,
  input: CompareInput,
  hash: HashKind,
  signal: AbortSignal,
): Promise<Scanned> {
  const { method, coverage, comparison } = input;
  const put = combinationOf(input);
  const subject = subjectOf({
    comparison,
    method,
    coverage: coverage.kind === "keys" ? coverage.kind : coverage,
    hash,
    put,
  });
  // Keys that are handed over come from their beginning every time, so there is no place to go on from.
  const isResumable = coverage.kind !== "keys" && coverage.kind !== "window";
  const resumed =
    isResumable && input.resumeFrom !== undefined ? readCheckpoint(input.resumeFrom, subject) : undefined;
  const plan = await planScan(sides, input, hash);
  const state = resumed ?? (await freshState(input, subject, hash, plan, signal));
  // Its earlier part was read from that server.
  if (resumed?.server !== undefined) await onOneServer(input.gate, resumed.server).mark(signal);
  const { rowBytes } = plan;
  let waitedMs = 0;
  const ended = (notVerifiable: string | undefined): Scanned => ({
    state,
    plan: { bucketRows: plan.bucketRows, slices: state.slices.length, predictedMs: plan.predictedMs },
    rowBytes,
    notVerifiable,
    waitedMs,
  });
  const started = performance.now();
  const before = state.rows.source;
  const tell = (phase: CompareProgress["phase"]) => {
    const rowsDone = state.rows.source;
    const pace = (rowsDone - before) / (performance.now() - started);
    const left = Math.max(0, plan.rowsTotal - rowsDone);
    input.onProgress({
      phase,
      rowsDone,
      rowsTotal: Math.max(plan.rowsTotal, rowsDone),
      suspects: state.suspects.length,
      confirmed: Object.values(state.found).reduce((sum, count) => sum + count, 0),
      leftMs: pace > 0 ? Math.round(left / pace) : undefined,
    });
  };

  /** The reason when the scan must end here: what was given up must not be forgotten by going on. */
  async function afterPart(): Promise<string | undefined> {
    if (state.suspects.length > input.limits.maxSuspects) {
      tell("confirming");
      const cleared = await confirmSuspects(sides, input, { hash, rowBytes }, state.suspects, signal);
      for (const kind of cleared.confirmed) state.found[kind] += 1;
      state.inFlight += cleared.inFlight;
      pushAll(state.unstable, cleared.unstable);
      state.suspects = [];
      waitedMs += cleared.waitedMs;
      if (cleared.notVerifiable !== undefined) return cleared.notVerifiable;
    }
    if (isResumable) await input.onCheckpoint(writeCheckpoint(state));
    tell("scanning");
    await yieldToOthers();
    return undefined;
  }

  let asked = performance.now();
  /** Keeps to the pace allowed, and lets others go first on a busy source. */
  async function yieldToOthers(): Promise<void> {
    if (performance.now() - asked > BUSY_POLL_MS) {
      while (await sides.source.isBusy()) {
        tell("waiting");
        await delay(BUSY_POLL_MS, undefined, { signal });
      }
      asked = performance.now();
    }
    const { maxRowsPerSecond } = input.limits;
    if (maxRowsPerSecond === undefined) return;
    const rows = state.rows.source - before;
    const ahead = (rows / maxRowsPerSecond) * 1_000 - (performance.now() - started);
    if (ahead <= 0) return;
    tell("waiting");
    await delay(ahead, undefined, { signal });
  }

  tell("scanning");
  if (coverage.kind === "keys" || coverage.kind === "window") {
    const seen = coverage.kind === "window" ? new Set<KeyText>() : undefined;
    for await (const keys of inParts(givenKeys(sides, input), KEYS_AT_ONCE)) {
      const fresh = seen ? keys.filter((key) => !seen.has(key)) : keys;
      for (const key of fresh) seen?.add(key);
      await compareKeys(sides, hash, state, fresh);
      const reason = await afterPart();
      if (reason !== undefined) return ended(reason);
    }
  } else {
    for (const slice of state.slices.slice(state.done)) {
      await (plan.chosen
        ? comparePortion(sides, { hash, put, space: state.space, slice, buckets: plan.chosen }, state, true)
        : compareSlice(sides, { hash, put, space: state.space, slice }, state));
      state.done += 1;
      const reason = await afterPart();
      if (reason !== undefined) return ended(reason);
    }
  }
  return ended(undefined);
}

async function freshState(
  { gate }: CompareInput,
  subject: string,
  hash: HashKind,
  { space, slices }: ScanPlan,
  signal: AbortSignal,
): Promise<ScanState> {
  // Everything committed before this moment is read below.
  const { position, at, server } = await gate.mark(signal);
  return {
    subject,
    hash,
    space,
    slices,
    done: 0,
    rows: { source: 0, target: 0 },
    sums: { source: 0n, target: 0n },
    verifiedThrough: { position, at },
    server,
    suspects: [],
    found: { missing_in_target: 0, missing_in_source: 0, value_mismatch: 0 },
    inFlight: 0,
    unstable: [],
  };
}

/** With a unique key on one end, as many rows and the same XOR mean the same rows; without one, rows could hide in pairs. */
function combinationOf({ comparison, source, target }: CompareInput): Combination {
  const canXor = comparison.keyLength > 0 && comparison.uniqueKey && !source.onlySums && !target.onlySums;
  return canXor ? "xor" : "sum";
}

/** Buckets first, then the rows of those that differ. */
async function compareSlice(sides: Sides, request: BucketRequest, state: ScanState): Promise<void> {
  const [source, target] = await Promise.all([
    sides.source.bucketHashes(request),
    sides.target.bucketHashes(request),
  ]);
  state.rows.source += rowsIn(source);
  state.rows.target += rowsIn(target);
  const all = request.put === "xor" ? xorAll : sumAll;
  state.sums.source = all(state.sums.source, source.sums);
  state.sums.target = all(state.sums.target, target.sums);
  const dirty = findDirtyBuckets(source, target);
  if (!dirty.buckets.every(Number.isSafeInteger))
    throw new AppError("conflict", "Keys far outside the table's range appeared during the run", {
      retryable: true,
    });
  for (const buckets of portionBuckets(dirty, PORTION))
    await comparePortion(sides, { ...request, buckets }, state, false);
}

async function comparePortion(
  sides: Sides,
  request: RowRequest,
  state: ScanState,
  countRows: boolean,
): Promise<void> {
  if (sides.source.packsIntegers && sides.target.packsIntegers) {
    const [here, there] = await Promise.all([
      sides.source.integerRows(request),
      sides.target.integerRows(request),
    ]);
    if (here && there) {
      pushAll(state.suspects, findIntegerSuspects(here, there));
      return;
    }
  }
  const [source, target] = await Promise.all([
    collectRows(sides.source, request),
    collectRows(sides.target, request),
  ]);
  if (countRows) {
    state.rows.source += source.size;
    state.rows.target += target.size;
  }
  pushAll(state.suspects, findSuspects(source, target));
}

async function collectRows(side: SideReader, request: RowRequest): Promise<HashesByKey> {
  const found: HashesByKey = new Map();
  for await (const { keys, hashes } of side.rowHashes(request)) collectHashes(found, keys, hashes);
  return found;
}

async function compareKeys(
  sides: Sides,
  hash: HashKind,
  state: ScanState,
  keys: readonly KeyText[],
): Promise<void> {
  const [source, target] = await Promise.all(
    [sides.source, sides.target].map(async (side) => {
      const found: HashesByKey = new Map();
      const { keys: present, hashes } = await side.keyHashes(hash, keys);
      collectHashes(found, present, hashes);
      return found;
    }),
  );
  if (!source || !target) return;
  state.rows.source += source.size;
  state.rows.target += target.size;
  pushAll(state.suspects, findSuspects(source, target));
}

async function* givenKeys(sides: Sides, input: CompareInput): AsyncGenerator<readonly KeyText[]> {
  const { coverage, comparison } = input;
  if (coverage.kind === "keys") yield* coverage.pages;
  if (coverage.kind !== "window") return;
  const column = comparison.columns.find(({ source }) => source === coverage.column);
  if (!column) throw new AppError("invalid", `The column ${coverage.column} is not compared`);
  const { from, to } = coverage;
  yield* sides.source.keysInWindow({ column: column.source, from, to });
  yield* sides.target.keysInWindow({ column: column.target, from, to });
}

/** Pages of any size as parts of one: each costs a statement per end. */
async function* inParts(
  pages: AsyncIterable<readonly KeyText[]>,
  size: number,
): AsyncGenerator<readonly KeyText[]> {
  let part: KeyText[] = [];
  for await (const page of pages)
    for (const key of page) {
      part.push(key);
      if (part.length < size) continue;
      yield part;
      part = [];
    }
  if (part.length > 0) yield part;
}

function rowsIn({ counts }: BucketHashes): number {
  return counts.reduce((total, count) => total + count, 0);
}

function sumAll(total: bigint, sums: BigUint64Array): bigint {
  return BigInt.asUintN(
    64,
    sums.reduce((sum, part) => BigInt.asUintN(64, sum + part), total),
  );
}

function xorAll(total: bigint, sums: BigUint64Array): bigint {
  return sums.reduce((sum, part) => sum ^ part, total);
}

/** Spreading a long list into `push` overflows the stack. */
function pushAll<T>(list: T[], items: readonly T[]): void {
  for (const item of items) list.push(item);
}
