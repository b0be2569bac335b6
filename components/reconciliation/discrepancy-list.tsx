"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { DataColumn } from "#components/data-table/data-column.ts";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { recordPath } from "#components/dead-letters/dead-letter-paths.ts";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { HoverLink } from "#components/ui/hover-link.tsx";
import { Name } from "#components/ui/name.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { TimeStamp } from "#components/ui/time-stamp.tsx";
import type { CheckedTableState } from "#domain/reconciliation/schema.ts";
import { AllMatching } from "./all-matching.tsx";
import { DiscrepancySheet } from "./discrepancy-sheet.tsx";
import { ROW_LIST } from "./list-options.ts";
import type { CheckedTable, DiscrepancyRow } from "./reconciliation-outputs.ts";
import { checkedTablePath } from "./reconciliation-paths.ts";
import { RepairActions } from "./repair-actions.tsx";
import { CAUSE_WORDS, REASON_WORDS, ROW_STATUS, TYPE_WORDS } from "./state-words.ts";

export interface DiscrepancyListProps {
  tableId?: number;
  runId?: string;
  /** How what the rows belong to stands: an empty list is good news only where that is known. */
  verdict?: Pick<CheckedTable["verdict"], "state" | "words"> | undefined;
}

/** Differing rows: which, how, and why as far as it is known. Values are seen one row at a time. */
export function DiscrepancyList({ tableId, runId, verdict }: DiscrepancyListProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(ROW_LIST);
  const [shown, setShown] = useState<number>();
  const of = { ...(tableId === undefined ? {} : { tableId }), ...(runId === undefined ? {} : { runId }) };
  const query = useQuery(
    trpc.reconciliation.discrepancies.queryOptions(
      { ...list.input, ...of },
      { placeholderData: keepPreviousData },
    ),
  );
  const columns = columnsOf(setShown, tableId === undefined);
  return (
    <>
      <DataTable
        name="differing-rows"
        noun="row"
        list={list}
        query={query}
        columns={columns}
        getRowId={(row) => String(row.id)}
        rowLabel={(row) => `${row.table} ${row.key}`}
        fetchPage={(input) => client.reconciliation.discrepancies.query({ ...input, ...of })}
        actions={
          tableId !== undefined &&
          !/\bstate:/.test(list.input.filter) && (
            <AllMatching tableId={tableId} filter={list.input.filter} total={query.data?.total ?? 0} />
          )
        }
        selectionActions={({ rows, clear }) => <RepairActions rows={rows} onDone={clear} />}
        empty={<NoRows verdict={verdict} />}
      />
      <DiscrepancySheet id={shown} onClose={() => setShown(undefined)} />
    </>
  );
}

const KNOWN: readonly CheckedTableState[] = ["ok", "drift_explained"];

function NoRows({ verdict }: Pick<DiscrepancyListProps, "verdict">) {
  if (verdict && KNOWN.includes(verdict.state))
    return (
      <StateMessage kind="good" title="No row is known to differ">
        That holds for what was checked: the state of a table says when that was and how much of it.
      </StateMessage>
    );
  if (verdict && verdict.state !== "drift_unexplained")
    return (
      <StateMessage kind="empty" title="Not known whether rows differ">
        {verdict.words}
      </StateMessage>
    );
  return (
    <StateMessage kind="empty" title="No row is kept one by one">
      {verdict?.words}
    </StateMessage>
  );
}

function columnsOf(show: (id: number) => void, withTable: boolean): readonly DataColumn<DiscrepancyRow>[] {
  return [
    {
      id: "key",
      header: "Key",
      width: 180,
      fixed: true,
      sortable: true,
      exportValue: (row) => row.key,
      cell: (row) => (
        <button
          type="button"
          className="block max-w-full text-left font-mono text-link hover:underline"
          onClick={() => show(row.id)}
        >
          <Name>{row.key}</Name>
        </button>
      ),
    },
    ...(withTable
      ? [
          {
            id: "table",
            header: "Table",
            width: 190,
            sortable: true,
            exportValue: (row: DiscrepancyRow) => row.table,
            cell: (row: DiscrepancyRow) => (
              <HoverLink href={checkedTablePath(row.tableId)} className="min-w-0 text-link hover:underline">
                <Name>{row.table}</Name>
              </HoverLink>
            ),
          },
        ]
      : []),
    {
      id: "type",
      header: "How it differs",
      width: 150,
      sortable: true,
      exportValue: (row) => row.type,
      cell: (row) => TYPE_WORDS[row.type],
    },
    {
      id: "columns",
      header: "Columns",
      width: 150,
      exportValue: (row) => row.columns.join(" "),
      cell: (row) => <span className="block truncate font-mono">{row.columns.join(", ")}</span>,
    },
    {
      id: "cause",
      header: "Why",
      width: 165,
      sortable: true,
      exportValue: (row) => row.cause,
      cell: (row) =>
        row.attribution?.deadLetterId ? (
          <HoverLink href={recordPath(row.attribution.deadLetterId)} className="text-link hover:underline">
            {CAUSE_WORDS[row.cause]} {row.attribution.deadLetterId}
          </HoverLink>
        ) : (
          <span title={row.attribution?.words}>{CAUSE_WORDS[row.cause]}</span>
        ),
    },
    {
      id: "reason",
      header: "Values",
      width: 190,
      hidden: true,
      exportValue: (row) => row.reason,
      cell: (row) => (row.reason ? REASON_WORDS[row.reason] : ""),
    },
    {
      id: "state",
      header: "State",
      width: 105,
      sortable: true,
      exportValue: (row) => row.state,
      cell: (row) => <StatusBadge status={ROW_STATUS[row.state]}>{row.state}</StatusBadge>,
    },
    {
      id: "first",
      header: "First seen",
      width: 110,
      sortable: true,
      exportValue: (row) => row.firstSeen,
      cell: (row) => <TimeStamp value={row.firstSeen} event="first seen" inRow />,
    },
    {
      id: "last",
      header: "Last seen",
      width: 110,
      sortable: true,
      exportValue: (row) => row.lastSeen,
      cell: (row) => <TimeStamp value={row.lastSeen} event="last seen" inRow />,
    },
  ];
}
