"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useRef,
} from "react";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { cn } from "#components/ui/cn.ts";
import { ColumnHead, headClass } from "./column-head.tsx";
import type { DataColumn } from "./data-column.ts";
import { GridRow } from "./grid-row.tsx";
import { addRange, type Selection, toggleAll, toggleRow } from "./selection.ts";
import { useRowFocus } from "./use-row-focus.ts";
import { useRowHeight } from "./use-row-height.ts";

const OVERSCAN = 12;
const SELECT_WIDTH = 36;
/** On a phone no column is wider than this, so that the one beside the name is in view. */
const NARROW_COLUMN = 190;

export interface TableGridProps<Row> {
  label: string;
  columns: readonly DataColumn<Row>[];
  /** Column id, with a leading dash for downwards. */
  sort: string;
  rows: readonly Row[];
  idOf: (row: Row) => string;
  rowLabel: (row: Row) => string;
  /** Place of the first row in the whole list, from 0. */
  offset: number;
  total: number;
  busy: boolean;
  gone: ReadonlySet<string>;
  selection: Selection<Row> | undefined;
  onSelectionChange: (selection: Selection<Row>) => void;
  onOpen: ((row: Row) => void) | undefined;
  onSortChange: (columnId: string) => void;
  onHold: (held: boolean) => void;
  /** Rows of bars while the first page is on its way. */
  placeholder: ReactNode;
  region: RefObject<HTMLElement | null>;
}

/** Only the rows in view are in the page; spacer rows keep the scroll bar honest. */
export function TableGrid<Row>({
  label,
  columns,
  sort,
  rows,
  idOf,
  rowLabel,
  offset,
  total,
  busy,
  gone,
  selection,
  onSelectionChange,
  onOpen,
  onSortChange,
  onHold,
  placeholder,
  region,
}: TableGridProps<Row>) {
  const rowHeight = useRowHeight();
  const virtualizer = useVirtualizer<HTMLElement, HTMLTableRowElement>({
    count: rows.length,
    getScrollElement: () => region.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
    scrollPaddingStart: rowHeight,
    initialRect: { width: 1_200, height: 900 },
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : idOf(row);
    },
  });
  const { focusRow, focusedRow } = useRowFocus(region, virtualizer, rows.length);
  const rangeStart = useRef<string>(undefined);

  const step = (by: number) => focusRow(Math.max(0, Math.min(rows.length - 1, focusedRow() + by)));
  const choose = (index: number, range: boolean) => {
    const row = rows[index];
    if (!selection || row === undefined) return;
    // By id: rows move while the list is live, and another page has other rows.
    const from = rows.findIndex((each) => idOf(each) === rangeStart.current);
    if (range && from >= 0) onSelectionChange(addRange(selection, rows, from, index, idOf));
    else onSelectionChange(toggleRow(selection, idOf(row), row));
    rangeStart.current = idOf(row);
  };
  // Rows keep one callback for life, so that scrolling draws only the rows that come into view.
  const latestChoose = useRef(choose);
  useEffect(() => {
    latestChoose.current = choose;
  });
  const onChoose = useCallback((index: number, range: boolean) => latestChoose.current(index, range), []);
  const open = (index: number) => {
    const row = rows[index];
    if (row !== undefined) onOpen?.(row);
  };

  useShortcut("j", { description: "Next row", group: "List", run: () => step(1) });
  useShortcut("k", { description: "Previous row", group: "List", run: () => step(-1) });
  const selectable = selection !== undefined;
  useShortcut("x", {
    description: "Select the row",
    group: "List",
    disabled: !selectable,
    run: () => choose(focusedRow(), false),
  });
  useShortcut("Shift+X", {
    description: "Select up to the row",
    group: "List",
    disabled: !selectable,
    run: () => choose(focusedRow(), true),
  });

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const at = focusedRow();
    const onRow = event.target instanceof HTMLTableRowElement;
    if (!onRow && event.target !== event.currentTarget) return;
    const act: Partial<Record<string, () => void>> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Home: () => focusRow(0),
      End: () => focusRow(rows.length - 1),
      ...(onRow ? { Enter: () => open(at), " ": () => choose(at, event.shiftKey) } : {}),
    };
    const run = act[event.key];
    if (!run || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    run();
  };

  const items = virtualizer.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);
  const columnCount = columns.length + (selectable ? 1 : 0);
  const widthOf = (limit: number) =>
    columns.reduce((sum, { width }) => sum + Math.min(limit, width), selectable ? SELECT_WIDTH : 0);
  const chosenHere = selection ? rows.filter((row) => selection.has(idOf(row))).length : 0;

  return (
    <section
      ref={region}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerEnter={() => onHold(true)}
      onPointerLeave={() => onHold(false)}
      className="relative max-h-[max(20rem,calc(100dvh-13rem))] overflow-auto rounded-lg border bg-card"
    >
      <table
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={columnCount}
        aria-busy={busy}
        className="w-full min-w-(--narrow) table-fixed border-separate border-spacing-0 text-left text-table sm:min-w-(--wide)"
        style={widths(widthOf(Number.POSITIVE_INFINITY), widthOf(NARROW_COLUMN))}
      >
        <colgroup>
          {selectable && <col style={{ width: SELECT_WIDTH }} />}
          {columns.map(({ id, width }) => (
            <col
              key={id}
              className="w-(--narrow) sm:w-(--wide)"
              style={widths(width, Math.min(NARROW_COLUMN, width))}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {selectable && (
              <th scope="col" className={cn(headClass, "px-2.5")}>
                <Checkbox
                  aria-label="Select all rows on this page"
                  checked={rows.length > 0 && chosenHere === rows.length}
                  indeterminate={chosenHere > 0 && chosenHere < rows.length}
                  disabled={rows.length === 0}
                  onChange={() => onSelectionChange(toggleAll(selection, rows, idOf))}
                />
              </th>
            )}
            {columns.map((column) => (
              <ColumnHead key={column.id} column={column} sort={sort} onSortChange={onSortChange} />
            ))}
          </tr>
        </thead>
        <tbody>
          {placeholder}
          {before > 0 && <Spacer height={before} columns={columnCount} />}
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const id = idOf(row);
            return (
              <GridRow
                key={id}
                row={row}
                index={item.index}
                ariaRowIndex={offset + item.index + 2}
                label={rowLabel(row)}
                columns={columns}
                height={rowHeight}
                chosen={selection ? selection.has(id) : undefined}
                isGone={gone.has(id)}
                onChoose={onChoose}
              />
            );
          })}
          {after > 0 && <Spacer height={after} columns={columnCount} />}
        </tbody>
      </table>
    </section>
  );
}

function widths(wide: number, narrow: number): CSSProperties {
  return { "--wide": `${wide}px`, "--narrow": `${narrow}px` } as CSSProperties;
}

function Spacer({ height, columns }: { height: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height }} className="p-0" />
    </tr>
  );
}
