import type { ReconciliationState } from "./schema.ts";

/** How far a run is. Totals are estimates until they are known. */
export interface RunProgress {
  phase: string;
  done: number;
  total: number | null;
  /** False while the total comes from the database's own statistics. */
  isExact: boolean;
  note: string | null;
}

/** What a run is expected to cost, before it reads anything. */
export interface RunEstimate {
  rows: number;
  isExact: boolean;
  bytes: number;
  seconds: number;
  method: string;
  /** Why this way was chosen. */
  because: string;
}

/** What a run really cost. */
export interface RunCost {
  rowsRead: number;
  bytes: number;
  /** CPU time of the source, where the engine tells. */
  sourceCpuMs: number | null;
  durationMs: number;
  queries: number;
}

/** What a run found, counted exactly whatever the number of rows kept. */
export interface RunCounts {
  sourceRows: number | null;
  targetRows: number | null;
  comparedRows: number;
  missingInTarget: number;
  missingInSource: number;
  valueMismatch: number;
  /** Suspects that turned out equal when the target had caught up. */
  inFlight: number;
  /** Rows that changed at every look: no verdict. */
  unstable: number;
}

/** Parts of one run, done one after the other: an incremental run looks at touched keys, then at a cold slice. */
export interface RunCheckpoint {
  /** The part that is being worked on. */
  part: number;
  /** The engine's own place in it. */
  engine: { readonly [key: string]: unknown } | null;
  /** What the parts before it came to. */
  done: PartResult[];
  /** Topic positions up to which touched keys were read: partition → offset. */
  touchedThrough: Record<string, number> | null;
}

/** What one part found and cost. */
export interface PartResult {
  sourceRows: number;
  targetRows: number;
  comparedKeys: number;
  missingInTarget: number;
  missingInSource: number;
  valueMismatch: number;
  inFlight: number;
  unstable: number;
  rowsRead: number;
  bytes: number;
  sourceCpuMs: number | null;
  durationMs: number;
  statements: number;
  sourceChecksum: string | null;
  targetChecksum: string | null;
  verifiedThrough: string | null;
  interval: { low: number; high: number } | null;
  /** Differing at every look, by the hash of their key: neither equal nor drift. */
  unstableKeys: string[];
}

/** Several parts as one result; what only a full pass knows stays as that part told it. */
export function sumParts(parts: readonly PartResult[]): PartResult {
  const sum = (of: (part: PartResult) => number) => parts.reduce((total, part) => total + of(part), 0);
  const last = parts.at(-1);
  const cpu = parts.flatMap(({ sourceCpuMs }) => sourceCpuMs ?? []);
  return {
    sourceRows: sum((part) => part.sourceRows),
    targetRows: sum((part) => part.targetRows),
    comparedKeys: sum((part) => part.comparedKeys),
    missingInTarget: sum((part) => part.missingInTarget),
    missingInSource: sum((part) => part.missingInSource),
    valueMismatch: sum((part) => part.valueMismatch),
    inFlight: sum((part) => part.inFlight),
    unstable: sum((part) => part.unstable),
    rowsRead: sum((part) => part.rowsRead),
    bytes: sum((part) => part.bytes),
    sourceCpuMs: cpu.length > 0 ? cpu.reduce((total, ms) => total + ms, 0) : null,
    durationMs: sum((part) => part.durationMs),
    statements: sum((part) => part.statements),
    sourceChecksum: parts.length === 1 ? (last?.sourceChecksum ?? null) : null,
    targetChecksum: parts.length === 1 ? (last?.targetChecksum ?? null) : null,
    verifiedThrough: parts.find(({ verifiedThrough }) => verifiedThrough !== null)?.verifiedThrough ?? null,
    interval: last?.interval ?? null,
    unstableKeys: parts.flatMap(({ unstableKeys }) => unstableKeys),
  };
}

/** A full run's numbers are those of the part that saw every row; what it cost is the cost of all parts. */
export function sumFullRun(parts: readonly PartResult[]): PartResult {
  const total = sumParts(parts);
  const whole = parts.at(-1);
  if (!whole) return total;
  return {
    ...whole,
    inFlight: total.inFlight,
    unstable: total.unstable,
    unstableKeys: total.unstableKeys,
    rowsRead: total.rowsRead,
    bytes: total.bytes,
    sourceCpuMs: total.sourceCpuMs,
    durationMs: total.durationMs,
    statements: total.statements,
  };
}

export function confirmedIn(counts: RunCounts): number {
  return counts.missingInTarget + counts.missingInSource + counts.valueMismatch;
}

const MOVES: Record<ReconciliationState, readonly ReconciliationState[]> = {
  QUEUED: ["RUNNING", "FAILED"],
  RUNNING: ["COMPLETED", "FAILED"],
  COMPLETED: [],
  FAILED: [],
};

export function canMove(from: ReconciliationState, to: ReconciliationState): boolean {
  return MOVES[from].includes(to);
}

/** Seconds left at the speed so far; null while too little is done to tell. */
export function secondsLeft(progress: RunProgress, elapsedSeconds: number): number | null {
  const { done, total } = progress;
  if (total === null || done <= 0 || elapsedSeconds < 1 || done < total * 0.02) return null;
  return Math.max(0, Math.round((elapsedSeconds / done) * (total - done)));
}
