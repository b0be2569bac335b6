/** Microseconds and bytes of one row on one core, measured on 2 cores of a server processor with the data in memory. */
export const COST = {
  nativeHashUs: 0.45,
  portableHashUs: 2,
  presenceUs: 0.15,
  /** Sending one row's key and hash and comparing it here. */
  rowHashUs: 1,
  /** Grouping, sending and comparing one bucket. */
  bucketUs: 0.8,
} as const;

export interface CostQuestion {
  rows: number;
  hash: "native" | "sha256" | "presence";
  /** Share of rows expected to differ; nothing is known of a table before its first run. */
  drift: number | undefined;
  /** What a statement may take. */
  sliceMs: number;
  /** Measured by the slower end, where it was measured. */
  rowsPerSecond: number | undefined;
}

export interface CostPlan {
  bucketRows: number;
  slices: number;
  predictedMs: number;
}

/** A first run expects a few differences: buckets are then fine enough that a hundredth of drift stays cheap. */
const UNKNOWN_DRIFT = 0.002;
const FINEST_ROWS = 12;
const COARSEST_ROWS = 1_024;
/** Buckets one statement groups: what the server's and our memory hold. */
const MOST_BUCKETS = 200_000;

/** How fine the buckets are and how many statements the pass takes, so that it costs least in total. */
export function planCost({ rows, hash, drift, sliceMs, rowsPerSecond }: CostQuestion): CostPlan {
  const hashUs =
    rowsPerSecond === undefined
      ? { native: COST.nativeHashUs, sha256: COST.portableHashUs, presence: COST.presenceUs }[hash]
      : 1e6 / rowsPerSecond;
  // A bucket costs bucketUs / b for each row; a differing row makes b rows be read again.
  const share = Math.max(drift ?? UNKNOWN_DRIFT, 1e-7);
  const best = Math.sqrt(COST.bucketUs / (share * (hashUs + COST.rowHashUs)));
  const bucketRows = Math.round(Math.min(COARSEST_ROWS, Math.max(FINEST_ROWS, best)));
  const dirty = 1 - (1 - Math.min(1, share)) ** bucketRows;
  const perRowUs = hashUs + COST.bucketUs / bucketRows + dirty * (hashUs + COST.rowHashUs);
  const byTime = Math.ceil((rows * hashUs) / 1_000 / sliceMs);
  const byMemory = Math.ceil(rows / bucketRows / MOST_BUCKETS);
  return {
    bucketRows,
    slices: Math.max(1, byTime, byMemory),
    predictedMs: Math.round((rows * perRowUs) / 1_000),
  };
}
