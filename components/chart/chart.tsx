"use client";

import { Download, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { type PointerEvent, type ReactNode, useId, useState } from "react";
import { downloadText, exportRows } from "#components/data-table/export-rows.ts";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { formatUtc } from "#domain/format/durations.ts";
import { formatCount } from "#domain/format/numbers.ts";
import { PLOT_LEFT, PLOT_RIGHT, placeOf, rangeBetween, type TimeRange } from "./brush.ts";
import { type ChartMark, groupMarks, markKinds } from "./chart-marks.ts";
import { type ChartSeries, type ChartThreshold, chartRows } from "./chart-series.ts";
import { ChartTable } from "./chart-table.tsx";

const ChartPlot = dynamic(() => import("./chart-plot.tsx").then((module) => module.ChartPlot), {
  ssr: false,
  loading: () => <Skeleton className="h-full w-full" label="Drawing" />,
});

export interface ChartProps {
  /** What the picture shows, as a sentence: "Lag of orders rose to 12,204 events". */
  claim: ReactNode;
  /** "events", "s": on the axis and in the table. */
  unit: string;
  range: TimeRange;
  /** Where the numbers come from: "observer, every 5 s". */
  source: string;
  /** At most five can be told apart. */
  series: readonly ChartSeries[];
  thresholds?: readonly ChartThreshold[];
  /** What happened meanwhile; drawn as lines with a sign each, which a legend explains. */
  marks?: readonly ChartMark[];
  /** Dragging over the drawing chooses a part of its time. */
  onZoom?: ((range: TimeRange) => void) | undefined;
  /** Every measurement gets a dot. */
  withDots?: boolean;
  /** Measurements further apart than this have a gap between them. */
  gapMs: number;
  format?: (value: number) => string;
  /** Name of the exported file, without ending. */
  name: string;
}

/** The one frame for pictures over time; the same numbers stand in a table and leave as CSV. */
export function Chart({
  claim,
  unit,
  range,
  source,
  series,
  thresholds = [],
  marks = [],
  onZoom,
  withDots = false,
  gapMs,
  format = formatCount,
  name,
}: ChartProps) {
  const titleId = useId();
  const [asTable, setAsTable] = useState(false);
  const rows = chartRows(series, gapMs);
  const measured = rows.some((row) => Object.values(row.values).some((value) => value !== null));
  const exportCsv = () =>
    downloadText(
      `${name}.csv`,
      exportRows(
        "csv",
        [
          { id: "at", header: "Time", width: 0, cell: () => null, exportValue: (row) => new Date(row.at) },
          ...series.map(({ id, label }) => ({
            id,
            header: `${label} (${unit})`,
            width: 0,
            cell: () => null,
            exportValue: (row: (typeof rows)[number]) => row.values[id],
          })),
        ],
        rows,
      ),
      "text/csv",
    );
  return (
    <figure aria-labelledby={titleId} className="flex min-w-0 flex-col gap-2 rounded-lg border bg-card p-3">
      <figcaption className="flex flex-wrap items-start justify-between gap-2">
        <div className="min-w-0">
          <p id={titleId} className="font-semibold text-table">
            {claim}
          </p>
          <p className="text-meta text-muted-foreground">
            {unit} · {formatUtc(range.from)} to {formatUtc(range.to)} · {source}
          </p>
        </div>
        <div className="flex gap-1">
          <Button variant="ghost" size="sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Table2 aria-hidden />
            Table
          </Button>
          <Button variant="ghost" size="sm" onClick={exportCsv} disabled={!measured}>
            <Download aria-hidden />
            CSV
          </Button>
        </div>
      </figcaption>
      {!measured && (
        <p className="py-10 text-center text-muted-foreground text-table">
          Nothing was measured in this time.
        </p>
      )}
      {measured && asTable && <ChartTable rows={rows} series={series} unit={unit} format={format} />}
      {measured && !asTable && (
        <Brushed range={range} onZoom={onZoom}>
          <ChartPlot
            rows={rows}
            series={series}
            thresholds={thresholds}
            marks={groupMarks(marks, range)}
            range={range}
            format={format}
            withDots={withDots}
          />
        </Brushed>
      )}
      {measured && !asTable && marks.length > 0 && (
        <ul aria-label="Signs" className="flex flex-wrap gap-x-4 text-meta text-muted-foreground">
          {markKinds(marks).map(({ glyph, kind, count }) => (
            <li key={kind}>
              <span aria-hidden className="font-semibold text-foreground">
                {glyph}
              </span>{" "}
              {kind} ({formatCount(count)})
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

/** The drawing, over which a pointer can drag to choose a part of its time; buttons do the same for the keyboard. */
function Brushed({
  range,
  onZoom,
  children,
}: {
  range: TimeRange;
  onZoom: ChartProps["onZoom"];
  children: ReactNode;
}) {
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const place = (event: PointerEvent<HTMLDivElement>) =>
    placeOf(event.clientX, event.currentTarget.getBoundingClientRect());
  const start = (event: PointerEvent<HTMLDivElement>) => {
    // A finger scrolls the page.
    if (!onZoom || event.pointerType === "touch" || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = place(event);
    setDrag({ from: at, to: at });
  };
  const end = () => {
    const chosen = drag && rangeBetween(drag.from, drag.to, range);
    setDrag(undefined);
    if (chosen) onZoom?.(chosen);
  };
  return (
    <div
      aria-hidden
      className={cn("relative h-56 min-w-0 select-none", onZoom && "cursor-crosshair")}
      onPointerDown={start}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: place(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(undefined)}
    >
      {children}
      {drag && (
        <span
          className="pointer-events-none absolute inset-y-0 border-selected-border border-x bg-selected/60"
          style={{
            left: `calc(${PLOT_LEFT}px + (100% - ${PLOT_LEFT + PLOT_RIGHT}px) * ${Math.min(drag.from, drag.to)})`,
            width: `calc((100% - ${PLOT_LEFT + PLOT_RIGHT}px) * ${Math.abs(drag.to - drag.from)})`,
          }}
        />
      )}
    </div>
  );
}
