"use client";

import { Download, Table2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { type KeyboardEvent, memo, useCallback, useEffect, useRef, useState } from "react";
import { downloadText, exportRows } from "#components/data-table/export-rows.ts";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { Section } from "#components/ui/section.tsx";
import { StatusIcon } from "#components/ui/status-badge.tsx";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import { type HeatStep, heatStep, heatWords, STEP_WORDS } from "./heat-steps.ts";
import type { HeatMap } from "./reconciliation-outputs.ts";
import { checkedTablePath } from "./reconciliation-paths.ts";
import { TABLE_STATUS } from "./state-words.ts";

/** A colour is never alone: bad cells carry a glyph, unchecked ones a hatch. */
const LOOK: Record<HeatStep, string> = {
  unchecked: "heat-hatch border border-dashed border-border",
  equal: "bg-healthy-soft",
  trace: "bg-degraded-soft",
  above: "bg-degraded text-card",
  critical: "bg-failed text-card",
};
const GLYPH: Record<HeatStep, string> = { unchecked: "", equal: "", trace: "·", above: "!", critical: "✕" };
const STEPS: readonly HeatStep[] = ["equal", "trace", "above", "critical", "unchecked"];

/** Which tables are bad, since when: one line per table, worst first, one cell per day in UTC. */
export function DriftHeatMap({ heatMap, days }: { heatMap: HeatMap; days: number }) {
  const [asTable, setAsTable] = useState(false);
  const exportCsv = () =>
    downloadText(
      "drift-by-day.csv",
      exportRows(
        "csv",
        [
          column("table", "Table", ({ table }) => table.table),
          column("pipeline", "Pipeline", ({ table }) => table.pipeline),
          column("day", "Day (UTC)", ({ cell }) => cell.day),
          column("checked", "Checked", ({ cell }) => (cell.isChecked ? "yes" : "no")),
          column("percent", "Unexplained (percent)", ({ cell }) => cell.unexplainedPercent),
          column("rows", "Unexplained rows", ({ cell }) => cell.unexplainedRows),
          column("runs", "Runs", ({ cell }) => cell.runs),
          column("failed", "Failed runs", ({ cell }) => cell.failed),
        ],
        heatMap.tables.flatMap((table) => table.cells.map((cell) => ({ table, cell }))),
      ),
      "text/csv",
    );
  return (
    <Section
      title={`Unexplained drift by day, last ${days} days`}
      description="Worst table first; the worst check of a day counts. A hatched day was not checked."
      actions={
        <>
          <Button variant="ghost" size="sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            <Table2 aria-hidden /> Table
          </Button>
          <Button variant="ghost" size="sm" onClick={exportCsv} disabled={heatMap.tables.length === 0}>
            <Download aria-hidden /> CSV
          </Button>
        </>
      }
    >
      {asTable ? <Twin heatMap={heatMap} /> : <Grid heatMap={heatMap} />}
      {!asTable && (
        <ul
          className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-meta text-muted-foreground"
          aria-label="Legend"
        >
          {STEPS.map((step) => (
            <li key={step} className="flex items-center gap-1.5">
              <span
                aria-hidden
                className={cn("grid size-4 place-items-center rounded-sm text-[10px]", LOOK[step])}
              >
                {GLYPH[step]}
              </span>
              {STEP_WORDS[step]}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Grid({ heatMap }: { heatMap: HeatMap }) {
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
    grid.current?.querySelector<HTMLElement>(`[data-cell="${row}-${column}"]`)?.focus();
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
      {heatMap.tables.map((table, row) => (
        <GridLine
          key={table.id}
          table={table}
          row={row}
          focused={row === at.row ? at.column : undefined}
          onFocusCell={focusCell}
        />
      ))}
    </div>
  );
}

/** Each cell says its own day; the axis is for the eye. */
function DayAxis({ days }: { days: readonly string[] }) {
  return (
    <div aria-hidden className="flex min-w-max gap-0.5 pb-0.5 text-meta text-muted-foreground">
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
  /** The column whose cell Tab leads to, if it is in this line. */
  focused: number | undefined;
  onFocusCell: (row: number, column: number) => void;
}

/** Kept as it is while the focus walks elsewhere: 500 tables are 14,000 cells. */
const GridLine = memo(function GridLine({ table, row, focused, onFocusCell }: GridLineProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the grid
    // biome-ignore lint/a11y/useFocusableInteractive: its cells take the focus
    <div role="row" className="flex min-w-max items-center gap-0.5 py-px">
      {/* biome-ignore lint/a11y/useSemanticElements: see the grid */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: it holds a link */}
      <span
        role="rowheader"
        className="sticky left-0 z-1 flex w-44 items-center max-sm:w-32 gap-1.5 bg-card pr-2 text-table"
      >
        <StatusIcon status={table.isRunning ? "working" : TABLE_STATUS[table.state]} />
        <HoverLink href={checkedTablePath(table.id)} className="min-w-0 text-link hover:underline">
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
};

function clamp(value: number, length: number): number {
  return Math.min(Math.max(value, 0), Math.max(length - 1, 0));
}

function Twin({ heatMap }: { heatMap: HeatMap }) {
  const shown = heatMap.days.toReversed();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it
    <section className="max-h-96 overflow-auto" tabIndex={0} aria-label="The same as a table">
      <table className="w-max text-table">
        <thead>
          <tr className="text-left text-muted-foreground">
            <th scope="col" className="sticky left-0 bg-card pr-4 font-medium">
              Table
            </th>
            {shown.map((day) => (
              <th key={day} scope="col" className="px-2 text-right font-medium">
                {day}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heatMap.tables.map((table) => (
            <tr key={table.id}>
              <th scope="row" className="sticky left-0 bg-card pr-4 text-left font-normal">
                {table.table}
              </th>
              {table.cells.toReversed().map((cell) => (
                <td key={cell.day} className="px-2 text-right tabular-nums">
                  {cell.isChecked ? formatDrift(cell.unexplainedPercent) : "not checked"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type Line = { table: HeatMap["tables"][number]; cell: HeatMap["tables"][number]["cells"][number] };

function column(id: string, header: string, exportValue: (line: Line) => string | number | null) {
  return { id, header, width: 0, cell: () => null, exportValue };
}
