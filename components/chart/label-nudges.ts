import type { ChartRow, ChartSeries, ChartThreshold } from "./chart-series.ts";

/** Height of the drawing, and of a line of text in it, in pixels; near enough to tell which names would touch. */
const PLOT_HEIGHT = 180;
const LINE_HEIGHT = 13;

/** How far down (or up) the name of each line has to move so that none covers another, in pixels. */
export function labelNudges(
  rows: readonly ChartRow[],
  series: readonly ChartSeries[],
  thresholds: readonly ChartThreshold[],
): number[] {
  const values = rows.flatMap((row) => series.flatMap(({ id }) => row.values[id] ?? []));
  const top = Math.max(...values, ...thresholds.map(({ value }) => value), Number.MIN_VALUE);
  const ends = series.map(({ id }, index) => {
    const value = rows.findLast((row) => typeof row.values[id] === "number")?.values[id] ?? 0;
    return { index, y: (1 - value / top) * PLOT_HEIGHT };
  });
  const nudges = series.map(() => 0);
  // From the bottom up, because the axis leaves no room below the lowest.
  let below = Number.POSITIVE_INFINITY;
  for (const { index, y } of ends.toSorted((a, b) => b.y - a.y)) {
    const place = Math.min(y, below - LINE_HEIGHT);
    nudges[index] = place - y;
    below = place;
  }
  return nudges;
}
