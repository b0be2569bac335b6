"use client";

import type { Route } from "next";
import { useRouter } from "next/navigation";
import { type ReactNode, useRef, useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryFailure, type QueryLike, QueryStale } from "#components/shell/query-state.tsx";
import { Button } from "#components/ui/button.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { toast } from "#components/ui/toast.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { DataColumn } from "./data-column.ts";
import { downloadText, type ExportFormat, exportRows } from "./export-rows.ts";
import { FilterBar } from "./filter-bar.tsx";
import { Pager } from "./pager.tsx";
import { useSavedColumns } from "./saved-columns.ts";
import { type Selection, selectedRows } from "./selection.ts";
import { SelectionBar } from "./selection-bar.tsx";
import { TableGrid } from "./table-grid.tsx";
import { useHeldRows } from "./use-held-rows.ts";
import type { ListState } from "./use-list-state.ts";
import { ViewButton } from "./view-button.tsx";

export interface SelectionActionsArgs<Row> {
  /** Exactly these, with the freshest values known. */
  rows: Row[];
  clear: () => void;
  /** Leaves only these chosen. */
  keep: (rows: readonly Row[]) => void;
}

export interface DataTableProps<Row> {
  /** Key of the saved columns, and of the exported file's name. */
  name: string;
  /** "connector"; the plural gets an s unless given. */
  noun: string;
  plural?: string;
  list: ListState;
  /** The list's query, best with `placeholderData: keepPreviousData`. */
  query: QueryLike<ListPage<Row>> & { isPlaceholderData: boolean };
  columns: readonly DataColumn<Row>[];
  getRowId: (row: Row) => string;
  /** What a row is called: read out, and the name of its checkbox. */
  rowLabel: (row: Row) => string;
  /** Where Enter leads. */
  rowHref?: (row: Row) => Route;
  /** Buttons for the chosen rows; without it rows cannot be chosen. */
  selectionActions?: (args: SelectionActionsArgs<Row>) => ReactNode;
  /** When there is nothing at all and no filter: a StateMessage saying why, and what to do. */
  empty: ReactNode;
  /** Reads any page, so that an export holds all rows and not only those in view. */
  fetchPage?: (input: ListInput) => Promise<ListPage<Row>>;
  /** Right of the filter bar. */
  actions?: ReactNode;
}

const EXPORT_PAGE = 1_000;

/** The one table: filter, sort and page at the server and in the URL, rows by keyboard, exact selection, five states. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, noun, plural = `${noun}s`, list, query, columns, getRowId, rowLabel, rowHref } = props;
  const router = useRouter();
  const region = useRef<HTMLElement>(null);
  const saved = useSavedColumns(name, columns);
  const [selection, setSelection] = useState<Selection<Row>>(new Map());
  const [exporting, setExporting] = useState(false);
  const { input } = list;
  const fresh = query.data?.rows ?? [];
  const { rows, gone, moved, hold } = useHeldRows(fresh, getRowId, JSON.stringify(input));
  const total = query.data?.total ?? 0;

  const exportAll = async (format: ExportFormat) => {
    setExporting(true);
    try {
      const all = props.fetchPage ? await readAll(props.fetchPage, input) : rows;
      const type = format === "csv" ? "text/csv" : "application/json";
      downloadText(`${name}.${format}`, exportRows(format, saved.shown, all), type);
    } catch (error) {
      toast.error("The export did not happen", { description: describeError(error) });
    } finally {
      setExporting(false);
    }
  };

  const loading = query.data === undefined && !query.error;
  const failed = query.data === undefined && Boolean(query.error);
  const nothing = query.data !== undefined && total === 0;
  const isPastEnd = total > 0 && rows.length === 0 && !query.isPlaceholderData;
  const lastPage = Math.max(1, Math.ceil(total / input.pageSize));
  const chosen = selectedRows(selection, fresh, getRowId);
  const here = fresh.filter((row) => selection.has(getRowId(row))).length;
  const keep = (kept: readonly Row[]) => setSelection(new Map(kept.map((row) => [getRowId(row), row])));
  const clear = () => keep([]);

  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-start gap-2">
        <FilterBar
          filter={list.filter}
          onFilterChange={(filter) => {
            clear();
            list.setFilter(filter);
          }}
          grammar={list.grammar}
          label={`Filter ${plural}`}
        />
        <span
          role="status"
          className="flex h-(--control-height) items-center whitespace-nowrap text-muted-foreground text-table max-sm:flex-1"
        >
          {query.data ? formatCounted(total, noun, plural) : ""}
        </span>
        {props.actions}
        <ViewButton
          columns={saved}
          exporting={exporting}
          exportLabel={`Export ${formatCount(props.fetchPage ? total : rows.length)} as`}
          onExport={(format) => void exportAll(format)}
        />
      </div>
      {query.data !== undefined && Boolean(query.error) && <QueryStale query={query} what={plural} />}
      {moved && (
        <div className="flex items-center gap-2 text-meta text-muted-foreground" role="status">
          The order has changed since you pointed here.
          <Button variant="link" className="text-meta" onClick={() => hold(false)}>
            Show the new order
          </Button>
        </div>
      )}
      {failed && <QueryFailure query={query} what={plural} />}
      {nothing && (list.input.filter === "" ? props.empty : <NothingFound list={list} plural={plural} />)}
      {isPastEnd && (
        <StateMessage
          kind="filtered"
          title="This page is past the end of the list"
          action={<Button onClick={() => list.setPage(lastPage)}>Go to the last page</Button>}
        />
      )}
      {!failed && !nothing && !isPastEnd && (
        <TableGrid
          label={plural.charAt(0).toUpperCase() + plural.slice(1)}
          columns={saved.shown}
          sort={input.sort}
          rows={rows}
          idOf={getRowId}
          rowLabel={rowLabel}
          offset={(input.page - 1) * input.pageSize}
          total={total}
          busy={query.isPlaceholderData || loading}
          gone={gone}
          selection={props.selectionActions ? selection : undefined}
          onSelectionChange={setSelection}
          onOpen={rowHref ? (row) => router.push(rowHref(row)) : undefined}
          onSortChange={(id) => list.setSort(input.sort === id ? `-${id}` : id)}
          onHold={hold}
          placeholder={
            loading && (
              <SkeletonRows columns={saved.shown.length + (props.selectionActions ? 1 : 0)} label={plural} />
            )
          }
          region={region}
        />
      )}
      {props.selectionActions && selection.size > 0 && (
        <SelectionBar
          count={selection.size}
          elsewhere={selection.size - here}
          noun={noun}
          plural={plural}
          onClear={clear}
        >
          {props.selectionActions({ rows: chosen, clear, keep })}
        </SelectionBar>
      )}
      {total > 50 && !isPastEnd && (
        <Pager
          page={input.page}
          pageSize={input.pageSize}
          total={total}
          onPageSizeChange={list.setPageSize}
          onPageChange={(page) => {
            region.current?.scrollTo({ top: 0 });
            list.setPage(page);
          }}
        />
      )}
    </div>
  );
}

function NothingFound({ list, plural }: { list: ListState; plural: string }) {
  return (
    <StateMessage
      kind="filtered"
      title={`No ${plural} match this filter`}
      action={<Button onClick={list.clear}>Clear the filter</Button>}
    />
  );
}

const SKELETON_ROWS = 8;

function SkeletonRows({ columns, label }: { columns: number; label: string }) {
  return Array.from({ length: SKELETON_ROWS }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
    <tr key={row} aria-hidden={row > 0}>
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
        <td key={column} className="h-(--row-height) border-b px-3">
          <Skeleton
            className="h-3 w-3/4"
            {...(row === 0 && column === 0 ? { label: `Reading ${label}` } : {})}
          />
        </td>
      ))}
    </tr>
  ));
}

async function readAll<Row>(
  fetchPage: (input: ListInput) => Promise<ListPage<Row>>,
  input: ListInput,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const reply = await fetchPage({ ...input, page, pageSize: EXPORT_PAGE });
    rows.push(...reply.rows);
    if (reply.rows.length < EXPORT_PAGE || rows.length >= reply.total) return rows;
  }
}
