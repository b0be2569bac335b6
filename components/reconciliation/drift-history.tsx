"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight, ZoomIn, ZoomOut } from "lucide-react";
import { useRouter, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import { scaled, shifted, type TimeRange } from "#components/chart/brush.ts";
import { Chart } from "#components/chart/chart.tsx";
import { planPath } from "#components/plans/plan-path.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { serverNow } from "#components/ui/clock.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import { Choice } from "./choice.tsx";
import { historyMarks } from "./history-marks.ts";
import { askable, RANGES, readRange } from "./history-range.ts";
import { kindSeries, shareSeries } from "./history-series.ts";
import { RangeChoice } from "./range-choice.tsx";
import type { CheckedTable, TableHistory } from "./reconciliation-outputs.ts";

/** Without a check for so long, nothing is known of the time between: an hourly check may be late, not a day. */
const GAP_MS = 25 * 3_600_000;
const MOST_LISTED = 50;

/** Unexplained drift over time against its thresholds, with what happened to the pipeline meanwhile. */
export function DriftHistory({ table }: { table: CheckedTable }) {
  const trpc = useTRPC();
  const router = useRouter();
  const params = useSearchParams();
  const { name, ...range } = readRange(params, serverNow());
  const byKind = params.get("show") === "kinds";
  const history = useQuery(
    trpc.reconciliation.history.queryOptions(
      { id: table.id, ...range },
      { placeholderData: keepPreviousData },
    ),
  );
  const go = (change: (next: URLSearchParams) => void) => {
    const next = new URLSearchParams(params);
    for (const key of ["from", "to", "range"]) next.delete(key);
    change(next);
    router.replace(`?${next}` as never, { scroll: false });
  };
  const show = (kinds: boolean) => {
    const next = new URLSearchParams(params);
    next.delete("show");
    if (kinds) next.set("show", "kinds");
    router.replace(`?${next}` as never, { scroll: false });
  };
  const zoom = (wanted: TimeRange) =>
    go((next) => {
      const { from, to } = askable(wanted, serverNow());
      next.set("from", from.toISOString());
      next.set("to", to.toISOString());
    });
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <RangeChoice
          legend="Time range of the chart"
          ranges={Object.keys(RANGES)}
          chosen={name}
          onChoose={(wanted) => go((next) => next.set("range", wanted))}
        />
        <fieldset className="flex gap-1">
          <legend className="sr-only">What the chart shows</legend>
          <Choice label="Share" isChosen={!byKind} onClick={() => show(false)} />
          <Choice label="Kinds" isChosen={byKind} onClick={() => show(true)} />
        </fieldset>
        <fieldset className="flex gap-1">
          <legend className="sr-only">Part of the time</legend>
          <Step
            label="Earlier"
            icon={<ChevronLeft aria-hidden />}
            onClick={() => zoom(shifted(range, -0.5))}
          />
          <Step label="Later" icon={<ChevronRight aria-hidden />} onClick={() => zoom(shifted(range, 0.5))} />
          <Step label="Zoom in" icon={<ZoomIn aria-hidden />} onClick={() => zoom(scaled(range, 0.5))} />
          <Step label="Zoom out" icon={<ZoomOut aria-hidden />} onClick={() => zoom(scaled(range, 2))} />
        </fieldset>
      </div>
      <QueryState
        query={history}
        what="the drift over time"
        skeleton={<Skeleton className="h-80" label="Reading the drift over time" />}
      >
        {(data) => (
          <>
            <HistoryChart table={table} history={data} range={range} byKind={byKind} onZoom={zoom} />
            <Happened history={data} />
          </>
        )}
      </QueryState>
    </div>
  );
}

interface HistoryChartProps {
  table: CheckedTable;
  history: TableHistory;
  range: TimeRange;
  byKind: boolean;
  onZoom: (wanted: TimeRange) => void;
}

function HistoryChart({ table, history, range, byKind, onZoom }: HistoryChartProps) {
  const { points, targetPercent, criticalPercent, isCut } = history;
  return (
    <Chart
      range={range}
      source={`${formatCounted(points.length, "check")}${isCut ? ", the newest only" : ""}; drag to zoom`}
      marks={historyMarks(history)}
      onZoom={onZoom}
      withDots
      gapMs={GAP_MS}
      name={`drift-${table.table}`}
      {...(byKind
        ? {
            claim: `How the rows of ${table.table} differed, as each check found them`,
            unit: "rows",
            series: kindSeries(points),
          }
        : {
            claim: claimOf(table),
            unit: "%",
            series: shareSeries(points),
            thresholds: [
              { label: "target", value: targetPercent, tone: "degraded" },
              { label: "critical", value: criticalPercent, tone: "failed" },
            ],
            format: formatDrift,
          })}
    />
  );
}

function Step({ label, icon, onClick }: { label: string; icon: ReactNode; onClick: () => void }) {
  return (
    <Button size="sm" variant="ghost" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </Button>
  );
}

function Happened({ history: { marks } }: { history: TableHistory }) {
  if (marks.length === 0) return null;
  const shown = marks.slice(-MOST_LISTED).reverse();
  return (
    <details className="text-table">
      <summary className="cursor-pointer text-muted-foreground">
        {formatCounted(marks.length, "thing")} happened to the pipeline in this time
        {marks.length > shown.length && `; the newest ${shown.length}`}
      </summary>
      <ul className="mt-1 flex flex-col gap-1">
        {shown.map((mark) => (
          <li key={`${mark.at.getTime()} ${mark.words}`}>
            <TimeStamp value={mark.at} event={mark.kind} absolute />{" "}
            {mark.planId ? (
              <HoverLink href={planPath(mark.planId)} className="text-link hover:underline">
                {mark.words}
              </HoverLink>
            ) : (
              mark.words
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function claimOf({ verdict, table }: CheckedTable): string {
  if (verdict.unexplainedPercent === null) return `Drift of ${table} is not known`;
  if (verdict.unexplainedPercent === 0) return `${table} has no unexplained drift`;
  return `${formatDrift(verdict.unexplainedPercent)} of ${table} drifts without an explanation`;
}
