"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { StateMessage } from "#components/ui/state-message.tsx";
import { AllMatching } from "./all-matching.tsx";
import type { GroupRow } from "./dead-letter-outputs.ts";
import { recordPath } from "./dead-letter-paths.ts";
import { RECORD_LIST } from "./list-options.ts";
import { RECORD_COLUMNS, rowName } from "./record-columns.tsx";
import { RecordSelectionActions } from "./record-selection-actions.tsx";

export interface RecordListProps {
  /** Only of this group. */
  group?: Pick<GroupRow, "id" | "cluster">;
}

/** Dead letters one by one, newest first. */
export function RecordList({ group }: RecordListProps) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(RECORD_LIST);
  const within = group ? { group: group.id } : {};
  const query = useQuery(
    trpc.deadLetters.records.queryOptions(
      { ...list.input, ...within },
      { placeholderData: keepPreviousData },
    ),
  );
  return (
    <DataTable
      name="dead-letters"
      noun="record"
      list={list}
      query={query}
      columns={RECORD_COLUMNS}
      getRowId={(row) => String(row.id)}
      rowLabel={(row) => `${rowName(row)} of ${row.table}`}
      rowHref={(row) => recordPath(row.id)}
      fetchPage={(input) => client.deadLetters.records.query({ ...input, ...within })}
      selectionActions={({ rows, clear }) => <RecordSelectionActions records={rows} clear={clear} />}
      actions={
        <AllMatching
          filter={list.input.filter}
          group={group}
          total={query.data?.total ?? 0}
          isCapped={query.data?.isTotalCapped ?? false}
        />
      }
      empty={
        <StateMessage kind="good" title="There are no dead letters">
          Every record that the sinks took was written.
        </StateMessage>
      }
    />
  );
}
