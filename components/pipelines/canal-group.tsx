"use client";

import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import type { GateLane, LaneGroup } from "#domain/pipelines/gate-view.ts";
import { CanalLane } from "./canal-lane.tsx";
import { GAUGE_LINES, LANE_GRID } from "./canal-layout.ts";

export interface CanalGroupProps {
  cluster: string;
  source: string;
  group: LaneGroup;
  gateSinkOf: (lane: GateLane) => string | undefined;
  current: string | undefined;
}

/** Many tables that fare alike: one line with a stroke where each one's newest event stands, opened on request. */
export function CanalGroup({ cluster, source, group, gateSinkOf, current }: CanalGroupProps) {
  const [isOpen, setIsOpen] = useState(false);
  const strokes = group.lanes
    .flatMap(({ marks }) => marks.find(({ id }) => id === "captured")?.at ?? [])
    .map((at) => `M${Math.round(at * 1_000)} 0V10`)
    .join("");
  return (
    <>
      <li
        data-lane={`group ${group.status}`}
        className={cn(LANE_GRID, "min-h-(--row-height) border-b bg-muted/50 py-0.5")}
      >
        <button
          type="button"
          data-stop
          tabIndex={current === `group ${group.status}` ? 0 : -1}
          aria-expanded={isOpen}
          onClick={() => setIsOpen(!isOpen)}
          className="flex min-w-0 items-center gap-1.5 rounded-sm text-left text-table max-md:col-span-2"
        >
          <StatusIcon status={group.status} />
          <span className="min-w-0 truncate font-medium">{group.words}</span>
          <ChevronRight
            aria-hidden
            className={cn(
              "size-3.5 shrink-0 text-muted-foreground transition-transform",
              isOpen && "rotate-90",
            )}
          />
        </button>
        <span className="relative block h-7" style={GAUGE_LINES}>
          <svg
            viewBox="0 0 1000 10"
            preserveAspectRatio="none"
            aria-hidden
            className="absolute inset-x-0 top-1.5 h-4 w-full text-series-1"
          >
            <path
              d={strokes}
              stroke="currentColor"
              strokeOpacity="0.35"
              strokeWidth="2"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
        </span>
        <span />
        <span className="max-xl:hidden" />
        <span className="text-meta text-muted-foreground max-md:col-span-2">
          one stroke per table, where its newest event stands
        </span>
      </li>
      {isOpen &&
        group.lanes.map((lane) => (
          <CanalLane
            key={lane.name}
            cluster={cluster}
            source={source}
            lane={lane}
            gateSink={gateSinkOf(lane)}
            isCurrent={current === lane.name}
          />
        ))}
    </>
  );
}
