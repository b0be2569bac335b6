"use client";

import { Download, Table2 } from "lucide-react";
import { useState } from "react";
import { downloadText, exportRows } from "#components/data-table/export-rows.ts";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { Button } from "#components/ui/button.tsx";
import { cn } from "#components/ui/cn.ts";
import { Section } from "#components/ui/section.tsx";
import { formatDrift } from "#domain/reconciliation/drift.ts";
import { GLYPH, HeatGrid, LOOK } from "./heat-grid.tsx";
import { type HeatStep, STEP_WORDS } from "./heat-steps.ts";
import type { HeatMap } from "./reconciliation-outputs.ts";

const STEPS: readonly HeatStep[] = ["equal", "trace", "above", "critical", "unchecked"];

/** Which tables are bad, since when: one line per table, worst first, one cell per day in UTC. */
export function DriftHeatMap({ heatMap }: { heatMap: HeatMap }) {
  const [asTable, setAsTable] = useState(false);
  useShortcut("h", {
    description: "The heat map as a table",
    group: "Reconciliation",
    run: () => setAsTable(!asTable),
  });
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
      title={`Unexplained drift by day, last ${heatMap.days.length} days`}
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
      {asTable ? <Twin heatMap={heatMap} /> : <HeatGrid key={heatMap.days.length} heatMap={heatMap} />}
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
