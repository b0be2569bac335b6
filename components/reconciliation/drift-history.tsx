"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRouter, useSearchParams } from "next/navigation";
import { Chart } from "#components/chart/chart.tsx";
import { QueryFailure } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { serverNow } from "#components/ui/clock.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import { RANGES, readRange } from "./history-range.ts";
import type { CheckedTable } from "./reconciliation-outputs.ts";

const GAP_MS = 25 * 3_600_000;

/** Unexplained drift over time against its thresholds, with what happened to the pipeline meanwhile. */
export function DriftHistory({ table }: { table: CheckedTable }) {
  const trpc = useTRPC();
  const router = useRouter();
  const params = useSearchParams();
  const { name, from, to } = readRange(params, serverNow());
  const history = useQuery(
    trpc.reconciliation.history.queryOptions(
      { id: table.id, from, to },
      { placeholderData: keepPreviousData },
    ),
  );
  const choose = (range: string) => {
    const next = new URLSearchParams(params);
    next.delete("from");
    next.delete("to");
    next.set("range", range);
    router.replace(`?${next}` as never, { scroll: false });
  };
  if (history.data === undefined)
    return history.error ? <QueryFailure query={history} what="the drift over time" /> : null;
  const { points, marks, targetPercent, criticalPercent } = history.data;
  const series = [
    {
      id: "unexplained",
      label: "Unexplained",
      points: points.map(({ at, unexplainedPercent }) => ({ at, value: unexplainedPercent })),
    },
    {
      id: "explained",
      label: "Explained",
      points: points.map(({ at, explainedPercent }) => ({ at, value: explainedPercent })),
    },
  ];
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">Time range of the chart</legend>
        {Object.keys(RANGES).map((range) => (
          <Button
            key={range}
            size="sm"
            variant={range === name ? "secondary" : "ghost"}
            aria-pressed={range === name}
            onClick={() => choose(range)}
          >
            {range}
          </Button>
        ))}
      </fieldset>
      <Chart
        claim={claimOf(table)}
        unit="%"
        range={{ from, to }}
        source={`checks of ${table.table}`}
        series={series}
        thresholds={[
          { label: `target ${targetPercent} %`, value: targetPercent, tone: "degraded" },
          { label: `critical ${criticalPercent} %`, value: criticalPercent, tone: "failed" },
        ]}
        gapMs={GAP_MS}
        format={formatDrift}
        name={`drift-${table.table}`}
      />
      {marks.length > 0 && (
        <details className="text-table">
          <summary className="cursor-pointer text-muted-foreground">
            {marks.length} {marks.length === 1 ? "thing" : "things"} happened to the pipeline in this time
          </summary>
          <ul className="mt-1 flex flex-col gap-1">
            {marks.slice(-50).map((mark) => (
              <li key={`${mark.at.getTime()} ${mark.words}`}>
                <TimeStamp value={mark.at} event={mark.kind} absolute /> {mark.words}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function claimOf({ verdict, table }: CheckedTable): string {
  if (verdict.unexplainedPercent === null) return `Drift of ${table} is not known`;
  if (verdict.unexplainedPercent === 0) return `${table} has no unexplained drift`;
  return `${formatDrift(verdict.unexplainedPercent)} of ${table} drifts without an explanation`;
}
