export interface ChartPoint {
  at: Date;
  /** null is "not measured": the line breaks there. */
  value: number | null;
}

export interface ChartSeries {
  id: string;
  label: string;
  points: readonly ChartPoint[];
}

export interface ChartThreshold {
  label: string;
  value: number;
  tone: "degraded" | "failed";
}

/** One moment with the value of each series, by id; null where a series has a gap. */
export interface ChartRow {
  at: number;
  values: Record<string, number | null>;
}

/**
 * All series on one time axis. Between two measurements further apart than `gapMs` nothing is known, so a row without
 * values comes between them; nothing is interpolated.
 */
export function chartRows(series: readonly ChartSeries[], gapMs: number): ChartRow[] {
  const byTime = new Map<number, Record<string, number | null>>();
  const at = (time: number) => {
    const values = byTime.get(time) ?? {};
    byTime.set(time, values);
    return values;
  };
  for (const { id, points } of series) {
    let previous: number | undefined;
    for (const point of points) {
      const time = point.at.getTime();
      if (previous !== undefined && time - previous > gapMs) at(previous + gapMs)[id] = null;
      at(time)[id] = point.value;
      previous = time;
    }
  }
  return [...byTime].sort(([a], [b]) => a - b).map(([time, values]) => ({ at: time, values }));
}
