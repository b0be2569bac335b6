"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import type { Route } from "next";
import { useMemo } from "react";
import type { DataColumn } from "#components/data-table/data-column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { type Status, StatusBadge } from "#components/ui/status-badge.tsx";
import { formatCount } from "#domain/format/numbers.ts";
import { isAtRest } from "#domain/plans/run-state.ts";
import { RUN_ITEM_LIST } from "./list-options.ts";
import type { Run, RunItem } from "./plan-outputs.ts";
import { runItemsExportPath } from "./plan-path.ts";

const STATUS: Record<RunItem["state"], Status> = { succeeded: "healthy", failed: "failed", skipped: "held" };

const COLUMNS: readonly DataColumn<RunItem>[] = [
  {
    id: "position",
    header: "Position",
    width: 90,
    align: "right",
    fixed: true,
    exportValue: (row) => row.position,
    cell: (row) => formatCount(row.position),
  },
  {
    id: "key",
    header: "Item",
    width: 260,
    exportValue: (row) => row.key,
    cell: (row) => (
      <span className="block truncate font-mono" title={row.key}>
        {row.key}
      </span>
    ),
  },
  {
    id: "state",
    header: "Result",
    width: 120,
    exportValue: (row) => row.state,
    cell: (row) => <StatusBadge status={STATUS[row.state]}>{row.state}</StatusBadge>,
  },
  {
    id: "message",
    header: "Message",
    width: 420,
    exportValue: (row) => row.message,
    cell: (row) => (
      <span className="block truncate" title={row.message}>
        {row.message}
      </span>
    ),
  },
];

export interface RunItemsProps {
  run: Run;
  /** Where an item's own page is, if it has one. */
  itemHref?: (key: string) => Route | undefined;
}

/** What the run did, thing by thing; the filter is in the URL and in the export. */
export function RunItems({ run, itemHref }: RunItemsProps) {
  const trpc = useTRPC();
  const list = useListState(RUN_ITEM_LIST);
  const query = useQuery(
    trpc.plans.items.queryOptions(
      { ...list.input, runId: run.id },
      { placeholderData: keepPreviousData, refetchInterval: isAtRest(run.state) ? false : 3_000 },
    ),
  );
  const columns = useMemo(
    () => COLUMNS.map((column) => (column.id === "key" && itemHref ? linked(column, itemHref) : column)),
    [itemHref],
  );
  return (
    <DataTable
      name="run-items"
      noun="result"
      list={list}
      query={query}
      columns={columns}
      getRowId={(row) => String(row.position)}
      rowLabel={(row) => row.key}
      actions={
        <Button asChild>
          <a href={runItemsExportPath(run.id, list.input.filter)} download>
            <Download aria-hidden /> All as CSV
          </a>
        </Button>
      }
      empty={<StateMessage kind="empty" title="No results yet" />}
    />
  );
}

function linked(
  column: DataColumn<RunItem>,
  itemHref: NonNullable<RunItemsProps["itemHref"]>,
): DataColumn<RunItem> {
  return {
    ...column,
    cell: (row) => {
      const href = itemHref(row.key);
      return href ? (
        <HoverLink href={href} className="font-mono text-link hover:underline">
          {row.key}
        </HoverLink>
      ) : (
        column.cell(row)
      );
    },
  };
}
