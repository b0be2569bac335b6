"use client";

import { ArrowDown, ArrowUp, Download } from "lucide-react";
import { usePreferences } from "#components/shell/preferences-provider.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import type { ExportFormat } from "./export-rows.ts";
import type { ColumnArrangement } from "./saved-columns.ts";

export interface ViewMenuProps {
  columns: ColumnArrangement;
  onExport: (format: ExportFormat) => void;
  /** "Export all 5,012 as" */
  exportLabel: string;
  exporting: boolean;
}

/** Columns, density and export of one list. */
export function ViewMenu({ columns, onExport, exportLabel, exporting }: ViewMenuProps) {
  const { density, set } = usePreferences();
  return (
    <div className="flex flex-col gap-3">
      <fieldset>
        <div className="mb-1 flex items-center justify-between">
          <legend className="font-medium">Columns</legend>
          <Button variant="link" onClick={columns.reset}>
            Reset
          </Button>
        </div>
        <ul className="flex max-h-72 flex-col overflow-y-auto">
          {columns.ordered.map((column, index) => (
            <li key={column.id} className="flex min-h-7 items-center gap-2">
              {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox inside is the control */}
              <label className="flex min-w-0 flex-1 items-center gap-2">
                <Checkbox
                  checked={!columns.hidden.has(column.id)}
                  disabled={column.fixed}
                  onChange={() => columns.toggle(column.id)}
                />
                <span className="truncate">{column.header}</span>
              </label>
              <Button
                variant="ghost"
                size="sm"
                className="size-6 p-0"
                aria-label={`Move ${column.header} left`}
                disabled={index === 0}
                onClick={() => columns.move(column.id, -1)}
              >
                <ArrowUp aria-hidden />
              </Button>
              <Button
                variant="ghost"
                size="sm"
                className="size-6 p-0"
                aria-label={`Move ${column.header} right`}
                disabled={index === columns.ordered.length - 1}
                onClick={() => columns.move(column.id, 1)}
              >
                <ArrowDown aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      </fieldset>
      <RadioGroup
        label="Density"
        inline
        value={density}
        onValueChange={(value) => set("density", value)}
        options={[
          { value: "compact", label: "Compact" },
          { value: "comfortable", label: "Comfortable" },
        ]}
      />
      <div className="flex items-center gap-2 border-t pt-3">
        <Download className="size-3.5 text-muted-foreground" aria-hidden />
        <span className="flex-1">{exportLabel}</span>
        <Button size="sm" pending={exporting} onClick={() => onExport("csv")}>
          CSV
        </Button>
        <Button size="sm" pending={exporting} onClick={() => onExport("json")}>
          JSON
        </Button>
      </div>
    </div>
  );
}
