"use client";

import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { cn } from "#components/ui/cn.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import { type HeatStep, heatStep, heatWords } from "./heat-steps.ts";
import type { HeatMap } from "./reconciliation-outputs.ts";
import { checkedTablePath } from "./reconciliation-paths.ts";
import { TABLE_STATUS } from "./state-words.ts";

/** A colour is never alone: bad cells carry a glyph, unchecked ones a hatch. */
export const LOOK: Record<HeatStep, string> = {
  unchecked: "heat-hatch border border-dashed border-border",
  equal: "bg-healthy-soft",
  trace: "bg-degraded-soft",
  above: "bg-degraded text-card",
  critical: "bg-failed text-card",
};
export const GLYPH: Record<HeatStep, string> = {
  unchecked: "",
  equal: "",
  trace: "·",
  above: "!",
  critical: "✕",
};
const LINE_PX = 22;
/** The days above the lines. */
const AXIS_PX = 18;

/** One line per table; only the lines in view are on the page: 500 tables by 28 days are 14,000 cells. */
export function HeatGrid({ heatMap }: { heatMap: HeatMap }) {
  const router = useRouter();
  const grid = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState({ row: 0, column: Math.max(0, heatMap.days.length - 1) });
  // A filter may have taken the line that was walked to; Tab leads to the nearest that is left.
  const at = {
    row: clamp(focus.row, heatMap.tables.length),
    column: clamp(focus.column, heatMap.days.length),
  };
  // Where the map is wider than the screen, today is in view and not a month ago.
  useEffect(() => {
    if (grid.current) grid.current.scrollLeft = grid.current.scrollWidth;
  }, []);
  const lines = useVirtualizer<HTMLDivElement, HTMLDivElement>({
    count: heatMap.tables.length,
    getScrollElement: () => grid.current,
    estimateSize: () => LINE_PX,
    scrollMargin: AXIS_PX,
    scrollPaddingStart: AXIS_PX,
    overscan: 10,
    initialRect: { width: 1_200, height: 384 },
    // The line that Tab leads to stays, wherever the map is scrolled to.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), at.row])].sort((a, b) => a - b),
  });
  const isMoving = useRef(false);
  // A line that was out of view can take the focus once it is there.
  useLayoutEffect(() => {
    if (!isMoving.current) return;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-cell="${at.row}-${at.column}"]`);
    if (!cell) return;
    isMoving.current = false;
    cell.focus({ preventScroll: true });
  });
  const focusCell = useCallback((row: number, column: number) => setFocus({ row, column }), []);
  const move = (event: KeyboardEvent) => {
    const table = heatMap.tables[at.row];
    // A link inside the grid follows itself.
    const isCell = event.target instanceof HTMLElement && event.target.dataset.cell !== undefined;
    if (event.key === "Enter" && table && isCell) return router.push(checkedTablePath(table.id));
    const step = MOVES[event.key];
    if (!step) return;
    event.preventDefault();
    const row = clamp(at.row + step[0], heatMap.tables.length);
    const column = clamp(at.column + step[1], heatMap.days.length);
    setFocus({ row, column });
    lines.scrollToIndex(row);
    isMoving.current = true;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid that arrow keys walk has no element of its own
    <div
      ref={grid}
      role="grid"
      tabIndex={-1}
      aria-label="Unexplained drift by table and day"
      aria-rowcount={heatMap.tables.length}
      aria-colcount={heatMap.days.length + 1}
      onKeyDown={move}
      className="max-h-96 overflow-auto"
    >
      <DayAxis days={heatMap.days} />
      {/* biome-ignore lint/a11y/useSemanticElements: see the grid */}
      <div role="rowgroup" className="relative" style={{ height: lines.getTotalSize() }}>
        {lines.getVirtualItems().map(({ index, start }) => {
          const table = heatMap.tables[index];
          return (
            table && (
              <GridLine
                key={table.id}
                table={table}
                row={index}
                top={start - AXIS_PX}
                focused={index === at.row ? at.column : undefined}
                onFocusCell={focusCell}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

/** Each cell says its own day; the axis is for the eye. */
function DayAxis({ days }: { days: readonly string[] }) {
  return (
    <div aria-hidden className="flex h-4.5 min-w-max gap-0.5 text-meta text-muted-foreground">
      <span className="sticky left-0 z-1 w-44 bg-card max-sm:w-32" />
      {days.map((day, index) => {
        const isLast = index === days.length - 1;
        return (
          <span key={day} className={cn("flex h-4 w-5 shrink-0", isLast && "justify-end")}>
            {(days.length - 1 - index) % 7 === 0 && <span className="whitespace-nowrap">{day.slice(5)}</span>}
          </span>
        );
      })}
    </div>
  );
}

interface GridLineProps {
  table: HeatMap["tables"][number];
  row: number;
  /** Of the line, in pixels from the first one. */
  top: number;
  /** The column whose cell Tab leads to, if it is in this line. */
  focused: number | undefined;
  onFocusCell: (row: number, column: number) => void;
}

/** Kept as it is while the focus walks elsewhere. */
const GridLine = memo(function GridLine({ table, row, top, focused, onFocusCell }: GridLineProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
    <div
      role="row"
      aria-rowindex={row + 1}
      className="absolute left-0 flex min-w-max items-center gap-0.5"
      style={{ top, height: LINE_PX }}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see the grid */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it holds a link */}
      <span
        role="rowheader"
        className="sticky left-0 z-1 flex w-44 items-center max-sm:w-32 gap-1.5 bg-card pr-2 text-table"
      >
        <StatusIcon status={table.isRunning ? "working" : TABLE_STATUS[table.state]} />
        <HoverLink
          href={checkedTablePath(table.id)}
          data-checked-table={table.id}
          className="min-w-0 text-link hover:underline"
        >
          <Name>{table.table}</Name>
        </HoverLink>
      </span>
      {table.cells.map((cell, column) => {
        const step = heatStep(cell);
        const words = heatWords(cell);
        return (
          // biome-ignore lint/a11y/useSemanticElements: see the grid
          <span
            key={cell.day}
            role="gridcell"
            data-cell={`${row}-${column}`}
            tabIndex={column === focused ? 0 : -1}
            aria-label={`${table.table}, ${words}`}
            title={words}
            onFocus={() => onFocusCell(row, column)}
            className={cn(
              "grid size-5 shrink-0 place-items-center rounded-sm text-[11px] leading-none",
              LOOK[step],
            )}
          >
            {GLYPH[step]}
          </span>
        );
      })}
    </div>
  );
});

const MOVES: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-10, 0],
  PageDown: [10, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), Math.max(length - 1, 0));
}
