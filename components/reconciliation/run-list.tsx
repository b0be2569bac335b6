"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { DataColumn } from "#components/data-table/data-column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import { formatDuration } from "#domain/format/durations.ts";
import { formatBytes, formatCount } from "#domain/format/numbers.ts";
import { confirmedIn } from "#domain/reconciliation/run.ts";
import { RUN_LIST } from "./list-options.ts";
import type { CheckRow } from "./reconciliation-outputs.ts";
import { checkPath } from "./reconciliation-paths.ts";
import { RunBadge } from "./run-badge.tsx";

const COLUMNS: readonly DataColumn<CheckRow>[] = [
  {
    id: "table",
    header: "Table",
    width: 200,
    fixed: true,
    exportValue: (row) => row.table,
    cell: (row) => (
      <HoverLink href={checkPath(row.id)} className="min-w-0 font-medium text-link hover:underline">
        <Name>{row.table}</Name>
      </HoverLink>
    ),
  },
  {
    id: "state",
    header: "State",
    width: 170,
    exportValue: (row) => row.state,
    cell: (row) => <RunBadge run={row} />,
  },
  { id: "scope", header: "Scope", width: 110, exportValue: (row) => row.scope, cell: (row) => row.scope },
  {
    id: "found",
    header: "Differing rows",
    width: 125,
    align: "right",
    exportValue: (row) => (row.counts ? confirmedIn(row.counts) : null),
    cell: (row) => (row.counts ? formatCount(confirmedIn(row.counts)) : "–"),
  },
  {
    id: "coverage",
    header: "Coverage",
    width: 95,
    align: "right",
    exportValue: (row) => row.coverage,
    cell: (row) => (row.coverage === null ? "–" : `${Number((row.coverage * 100).toPrecision(3))} %`),
  },
  {
    id: "queued",
    header: "Asked for",
    width: 110,
    sortable: true,
    exportValue: (row) => row.queuedAt,
    cell: (row) => <TimeStamp value={row.queuedAt} event="asked for" inRow />,
  },
  {
    id: "duration",
    header: "Took",
    width: 95,
    align: "right",
    exportValue: (row) => row.cost?.durationMs,
    cell: (row) => (row.cost ? formatDuration(row.cost.durationMs) : "–"),
  },
  {
    id: "rows",
    header: "Rows read",
    width: 110,
    align: "right",
    exportValue: (row) => row.cost?.rowsRead,
    cell: (row) => (row.cost ? formatCount(row.cost.rowsRead) : "–"),
  },
  {
    id: "bytes",
    header: "Bytes",
    width: 90,
    align: "right",
    exportValue: (row) => row.cost?.bytes,
    cell: (row) => (row.cost ? formatBytes(row.cost.bytes) : "–"),
  },
  {
    id: "message",
    header: "What is known",
    width: 360,
    exportValue: (row) => row.message,
    cell: (row) => (
      <span className="truncate text-muted-foreground" title={row.message ?? undefined}>
        {row.message}
      </span>
    ),
  },
];

/** Checks, newest first, of all tables or of one. */
export function RunList({ tableId }: { tableId?: number }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(RUN_LIST);
  const of = tableId === undefined ? {} : { tableId };
  const query = useQuery(
    trpc.reconciliation.runs.queryOptions({ ...list.input, ...of }, { placeholderData: keepPreviousData }),
  );
  return (
    <DataTable
      name="reconciliation-checks"
      noun="check"
      list={list}
      query={query}
      columns={COLUMNS}
      getRowId={(row) => row.id}
      rowLabel={(row) => `${row.table}, ${row.state}`}
      fetchPage={(input) => client.reconciliation.runs.query({ ...input, ...of })}
      empty={
        <StateMessage kind="empty" title="No check has run yet">
          Tables are checked every hour unless their settings say otherwise; Check now starts one.
        </StateMessage>
      }
    />
  );
}
