"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Chart } from "#components/chart/chart.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { formatCounted } from "#domain/format/numbers.ts";

const RANGES = [
  ["hour", "1 h"],
  ["day", "24 h"],
  ["week", "7 d"],
  ["month", "31 d"],
] as const;

/** When its records arrived: when it began, and whether it goes on. */
export function GroupTimeline({ id }: { id: number }) {
  const trpc = useTRPC();
  const [range, setRange] = useState<(typeof RANGES)[number][0]>("day");
  const query = useQuery(
    trpc.deadLetters.groupTimeline.queryOptions({ id, range }, { placeholderData: keepPreviousData }),
  );
  return (
    <QueryState query={query} what="when they arrived">
      {({ buckets, bucketSeconds }) => {
        const total = buckets.reduce((sum, bucket) => sum + bucket.records, 0);
        const last = buckets.findLast((bucket) => bucket.records > 0);
        const [first] = buckets;
        const end = buckets.at(-1);
        if (!first || !end) return null;
        return (
          <div className="flex min-w-0 flex-col gap-1">
            <fieldset className="flex gap-1">
              <legend className="sr-only">Range of the timeline</legend>
              {RANGES.map(([value, label]) => (
                <Button
                  key={value}
                  size="sm"
                  variant="ghost"
                  aria-pressed={value === range}
                  className="aria-pressed:bg-selected"
                  onClick={() => setRange(value)}
                >
                  {label}
                </Button>
              ))}
            </fieldset>
            <Chart
              claim={
                total === 0
                  ? "None arrived in this time"
                  : `${formatCounted(total, "record")} arrived${last === end ? ", and they still do" : ""}`
              }
              unit={`records in ${bucketSeconds / 60} min`}
              range={{ from: first.from, to: new Date(end.from.getTime() + bucketSeconds * 1_000) }}
              source="counted when indexed"
              name={`dead-letters-of-group-${id}`}
              gapMs={bucketSeconds * 2_000}
              series={[
                {
                  id: "records",
                  label: "Records",
                  points: buckets.map((bucket) => ({ at: bucket.from, value: bucket.records })),
                },
              ]}
            />
          </div>
        );
      }}
    </QueryState>
  );
}
