import { memo } from "react";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { cn } from "#components/ui/cn.ts";
import type { DataColumn } from "./data-column.ts";

export interface GridRowProps<Row> {
  row: Row;
  index: number;
  ariaRowIndex: number;
  label: string;
  columns: readonly DataColumn<Row>[];
  height: number;
  /** undefined where rows cannot be chosen. */
  chosen: boolean | undefined;
  isGone: boolean;
  onChoose: (index: number, range: boolean) => void;
}

const cellClass = "overflow-hidden text-ellipsis whitespace-nowrap border-b px-3 py-0";

function Row<Row>({
  row,
  index,
  ariaRowIndex,
  label,
  columns,
  height,
  chosen,
  isGone,
  onChoose,
}: GridRowProps<Row>) {
  return (
    <tr
      data-row-index={index}
      data-gone={isGone || undefined}
      aria-rowindex={ariaRowIndex}
      aria-label={label}
      tabIndex={-1}
      className={cn(
        "group/row -outline-offset-2 hover:bg-accent/50 data-gone:opacity-50",
        chosen && "bg-selected hover:bg-selected",
      )}
      style={{ height }}
    >
      {chosen !== undefined && (
        <td className={cn(cellClass, "px-2.5")}>
          <Checkbox
            aria-label={`Select ${label}`}
            checked={chosen}
            onChange={() => {}}
            onClick={(event) => onChoose(index, event.shiftKey)}
          />
        </td>
      )}
      {columns.map((column) => (
        <td key={column.id} className={cn(cellClass, column.align === "right" && "text-right")}>
          {column.cell(row)}
        </td>
      ))}
    </tr>
  );
}

/** Drawn again only when what it shows changed. `memo` forgets the type parameter, hence the cast back to it. */
export const GridRow = memo(Row) as typeof Row;
