"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { Summary } from "./dead-letter-outputs.ts";
import { groupPath } from "./dead-letter-paths.ts";
import { GROUP_COLUMNS } from "./group-columns.tsx";
import { GroupSelectionActions } from "./group-selection-actions.tsx";
import { GROUP_LIST } from "./list-options.ts";
import { StateFilter } from "./state-filter.tsx";

/** Failure groups, what waits for a person first. */
export function GroupList({ summary }: { summary: Summary | undefined }) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(GROUP_LIST);
  const query = useQuery(
    trpc.deadLetters.groups.queryOptions(list.input, { placeholderData: keepPreviousData }),
  );
  return (
    <DataTable
      name="dead-letter-groups"
      noun="group"
      list={list}
      query={query}
      columns={GROUP_COLUMNS}
      getRowId={(row) => String(row.id)}
      rowLabel={(row) => `${row.cause.title} in ${row.table}`}
      rowHref={(row) => groupPath(row.id)}
      fetchPage={(input) => client.deadLetters.groups.query(input)}
      selectionActions={({ rows, clear }) => <GroupSelectionActions groups={rows} clear={clear} />}
      actions={<StateFilter filter={list.filter} onFilterChange={list.setFilter} />}
      empty={<NoGroups summary={summary} />}
    />
  );
}

function NoGroups({ summary }: { summary: Summary | undefined }) {
  if (summary && summary.topics.total === 0)
    return (
      <StateMessage kind="empty" title="No dead-letter topic has been found">
        Headgate follows the topic that a sink names in <code>errors.deadletterqueue.topic.name</code>, and
        topics whose name begins with <code>dlq</code>. A sink made by the guide has one.
      </StateMessage>
    );
  return (
    <StateMessage kind="good" title="There are no dead letters" since={summary?.checkedAt}>
      {summary && summary.topics.total > 1
        ? `${summary.topics.total} dead-letter topics are read.`
        : "One dead-letter topic is read."}
    </StateMessage>
  );
}
