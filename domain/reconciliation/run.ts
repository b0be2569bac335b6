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
  /** Keys of the topics that were checked again. */
  touchedKeys: number;
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
