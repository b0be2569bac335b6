import type { RunEstimate } from "./run.ts";
import type { CheckMethod } from "./schema.ts";

/** From this number of rows on, a person confirms the cost of the first check. */
export const BIG_TABLE_ROWS = 1_000_000;

/** Rows a second of one server, as measured on one core with everything in memory. */
const ROWS_PER_SECOND = { count: 12_000_000, native: 2_000_000, portable: 500_000 };

export interface EstimateFacts {
  method: CheckMethod;
  rows: number;
  /** Between two servers of one engine the server's own row hash serves. */
  isSameEngine: boolean;
  rowsPerSecond: number | null;
  sampleRows: number;
}

/** What a full check is expected to cost; an order of magnitude, shown with ≈. */
export function estimateCheck({
  method,
  rows,
  isSameEngine,
  rowsPerSecond,
  sampleRows,
}: EstimateFacts): RunEstimate {
  const speed =
    method === "row_count"
      ? ROWS_PER_SECOND.count
      : isSameEngine
        ? ROWS_PER_SECOND.native
        : ROWS_PER_SECOND.portable;
  const read = method === "sample" ? Math.min(rows, sampleRows) : rows;
  const limited = rowsPerSecond === null ? speed : Math.min(speed, rowsPerSecond);
  const buckets = Math.ceil(Math.sqrt(Math.max(1, read) * 100));
  return {
    rows: read,
    isExact: false,
    // Both ends answer with one short line a bucket.
    bytes: method === "row_count" ? 200 : Math.min(read, buckets) * 40 * 2,
    seconds: Math.max(1, Math.ceil(read / limited)),
    method:
      method === "row_count" ? "row count" : isSameEngine ? "the server's own row hash" : "portable SHA-256",
    because:
      method === "row_count"
        ? "only the number of rows is asked for"
        : isSameEngine
          ? "both ends are of one engine"
          : "the ends are of two engines, so both compute the same hash in SQL",
  };
}
