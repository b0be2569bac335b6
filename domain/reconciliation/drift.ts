/** Discrepancies as a share of the keys of both ends, in percent; null when nothing was compared. */
export function driftPercent(discrepancies: number, comparedRows: number | null): number | null {
  if (comparedRows === null) return null;
  if (comparedRows === 0) return discrepancies === 0 ? 0 : 100;
  return Math.min(100, (discrepancies / comparedRows) * 100);
}

export interface Thresholds {
  targetPercent: number;
  criticalPercent: number;
}

export type DriftLevel = "within" | "above_target" | "critical" | "unknown";

/** A threshold is what must not be exceeded: reaching it is still within. */
export function driftLevel(
  percent: number | null,
  { targetPercent, criticalPercent }: Thresholds,
): DriftLevel {
  if (percent === null) return "unknown";
  if (percent > criticalPercent) return "critical";
  return percent > targetPercent ? "above_target" : "within";
}

/** A drift as people read it; never rounded down to a clean zero. */
export function formatDrift(percent: number | null): string {
  if (percent === null) return "unknown";
  if (percent === 0) return "0 %";
  if (percent < 0.0001) return "< 0.0001 %";
  return `${Number(percent.toPrecision(3))} %`;
}

/** Rows that differ and nothing explains: those kept one by one, and those of which the last full run kept only the number. */
export function unexplainedRows({
  openUnexplained,
  countDifference,
}: {
  openUnexplained: number;
  countDifference: number;
}): number {
  return openUnexplained + countDifference;
}
