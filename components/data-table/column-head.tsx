import { ArrowDown, ArrowUp } from "lucide-react";
import { cn } from "#components/ui/cn.ts";
import type { DataColumn } from "./data-column.ts";

export const headClass =
  "sticky top-0 z-10 h-8 whitespace-nowrap border-b bg-card px-3 font-medium text-meta text-muted-foreground";

export interface ColumnHeadProps {
  column: Pick<DataColumn<never>, "id" | "header" | "sortable" | "align">;
  /** Column id, with a leading dash for downwards. */
  sort: string;
  onSortChange: (columnId: string) => void;
}

export function ColumnHead({ column, sort, onSortChange }: ColumnHeadProps) {
  const { id, header, sortable, align } = column;
  const right = align === "right";
  if (!sortable)
    return (
      <th scope="col" className={cn(headClass, right && "text-right")}>
        <span className="block truncate">{header}</span>
      </th>
    );
  const up = sort === id;
  const down = sort === `-${id}`;
  return (
    <th
      scope="col"
      aria-sort={up ? "ascending" : down ? "descending" : "none"}
      className={cn(headClass, right && "text-right")}
    >
      <button
        type="button"
        onClick={() => onSortChange(id)}
        className={cn(
          "inline-flex h-6 max-w-full items-center gap-1 rounded-sm hover:text-foreground",
          (up || down) && "text-foreground",
          right && "flex-row-reverse",
        )}
      >
        <span className="truncate">{header}</span>
        {up && <ArrowUp className="size-3 shrink-0" aria-hidden />}
        {down && <ArrowDown className="size-3 shrink-0" aria-hidden />}
      </button>
    </th>
  );
}
