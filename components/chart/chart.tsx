"use client";

import { Download, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useId, useState } from "react";
import { downloadText, exportRows } from "#components/data-table/export-rows.ts";
import { Button } from "#components/ui/button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { formatUtc } from "#domain/format/durations.ts";
import { formatCount } from "#domain/format/numbers.ts";
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
  range: { from: Date; to: Date };
  /** Where the numbers come from: "observer, every 5 s". */
  source: string;
  /** At most five can be told apart. */
  series: readonly ChartSeries[];
  thresholds?: readonly ChartThreshold[];
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
        <div aria-hidden className="h-56 min-w-0">
          <ChartPlot rows={rows} series={series} thresholds={thresholds} range={range} format={format} />
        </div>
      )}
    </figure>
  );
}
