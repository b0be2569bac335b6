"use client";

import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatUtc } from "#domain/format/durations.ts";
import { axisTime } from "./axis-time.ts";
import { PLOT_LEFT, PLOT_RIGHT } from "./brush.ts";
import type { MarkGroup } from "./chart-marks.ts";
import type { ChartRow, ChartSeries, ChartThreshold } from "./chart-series.ts";
import { labelNudges } from "./label-nudges.ts";

const STROKE = [
  "var(--series-1)",
  "var(--series-2)",
  "var(--series-3)",
  "var(--series-4)",
  "var(--series-5)",
];
const DASH = ["", "6 3", "2 3", "8 3 2 3", "1 4"];
const MANY_DOTS = 80;
const TEXT = { fill: "var(--muted-foreground)", fontSize: 12 };

export interface ChartPlotProps {
  rows: readonly ChartRow[];
  series: readonly ChartSeries[];
  thresholds: readonly ChartThreshold[];
  marks: readonly MarkGroup[];
  range: { from: Date; to: Date };
  format: (value: number) => string;
  /** Every measurement gets a dot: where they are rare, the line between them is only a line. */
  withDots: boolean;
}

/** The drawing alone; the frame around it says everything in words and holds the same numbers as a table. */
export function ChartPlot({ rows, series, thresholds, marks, range, format, withDots }: ChartPlotProps) {
  const data: Record<string, number | null>[] = rows.map(({ at, values }) => ({ at, ...values }));
  // Another series' moment is no gap of this one.
  const own = (id: string) => data.filter((row) => id in row);
  const lastMeasured = (id: string) => own(id).findLastIndex((row) => row[id] !== null);
  const nudges = labelNudges(rows, series.slice(0, STROKE.length), thresholds);
  // Side by side, large dots would hide the line.
  const radius = rows.length > MANY_DOTS ? 1.25 : 2.5;
  const span = range.to.getTime() - range.from.getTime();
  return (
    <ResponsiveContainer width="100%" height="100%">
      <LineChart
        data={data}
        margin={{ top: marks.length > 0 ? 20 : 8, right: PLOT_RIGHT, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid vertical={false} stroke="var(--border)" />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={[range.from.getTime(), range.to.getTime()]}
          tickFormatter={(at: number) => axisTime(at, span)}
          tick={TEXT}
          stroke="var(--border)"
          minTickGap={40}
        />
        <YAxis
          tickFormatter={format}
          tick={TEXT}
          stroke="var(--border)"
          width={PLOT_LEFT}
          domain={[0, "auto"]}
        />
        <Tooltip
          isAnimationActive={false}
          labelFormatter={(at) => formatUtc(new Date(Number(at)))}
          formatter={(value) => (typeof value === "number" ? format(value) : "not measured")}
          contentStyle={{
            background: "var(--popover)",
            border: "1px solid var(--border)",
            borderRadius: 6,
            fontSize: 12,
            color: "var(--popover-foreground)",
          }}
        />
        {thresholds.map((threshold) => (
          <ReferenceLine
            key={threshold.label}
            y={threshold.value}
            stroke={`var(--${threshold.tone})`}
            strokeDasharray="4 4"
            ifOverflow="extendDomain"
            label={{
              value: `${threshold.label} ${format(threshold.value)}`,
              position: "insideTopLeft",
              fill: `var(--${threshold.tone})`,
              fontSize: 12,
            }}
          />
        ))}
        {marks.map(({ at, glyph, isFailed }) => (
          <ReferenceLine
            key={at}
            x={at}
            stroke={isFailed ? "var(--failed)" : "var(--series-5)"}
            strokeDasharray="1 3"
            label={{
              value: glyph,
              position: "top",
              fill: isFailed ? "var(--failed)" : "var(--muted-foreground)",
              fontSize: 11,
            }}
          />
        ))}
        {series.slice(0, STROKE.length).map(({ id, label }, index) => (
          <Line
            key={id}
            data={own(id)}
            dataKey={id}
            name={label}
            type="linear"
            stroke={STROKE[index] ?? "currentColor"}
            strokeDasharray={DASH[index] ?? ""}
            strokeWidth={1.75}
            dot={withDots ? { r: radius, strokeDasharray: "", fill: STROKE[index] ?? "currentColor" } : false}
            connectNulls={false}
            isAnimationActive={false}
            label={(props: { index?: number; x?: number | string; y?: number | string }) =>
              props.index === lastMeasured(id) ? (
                <text
                  x={Number(props.x) + 6}
                  y={Number(props.y)}
                  dy={4 + (nudges[index] ?? 0)}
                  fill={STROKE[index]}
                  fontSize={12}
                >
                  {label}
                </text>
              ) : (
                <g />
              )
            }
          />
        ))}
      </LineChart>
    </ResponsiveContainer>
  );
}
