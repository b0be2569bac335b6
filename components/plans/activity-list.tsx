"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { useLiveStatus } from "#components/shell/live-status.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { StateMessage } from "#components/ui/state-message.tsx";
import { activityAnswer } from "./activity-answer.ts";
import { PLAN_LIST } from "./list-options.ts";
import { PLAN_COLUMNS } from "./plan-columns.tsx";
import { planPath } from "./plan-path.ts";
import { WorkerNotice } from "./worker-notice.tsx";

/** Everything that was planned and run, newest first. */
export function ActivityList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(PLAN_LIST);
  const { channel } = useLiveStatus();
  const refetchInterval = channel === "open" ? (false as const) : 5_000;
  const query = useQuery(
    trpc.plans.list.queryOptions(list.input, { placeholderData: keepPreviousData, refetchInterval }),
  );
  const summary = useQuery(trpc.plans.summary.queryOptions(undefined, { refetchInterval }));
  return (
    <>
      <PageHeader title="Activity" answer={summary.data && activityAnswer(summary.data)} />
      <WorkerNotice />
      <DataTable
        name="activity"
        noun="plan"
        list={list}
        query={query}
        columns={PLAN_COLUMNS}
        getRowId={(row) => row.id}
        rowLabel={(row) => row.title}
        rowHref={(row) => planPath(row.id)}
        fetchPage={(input) => client.plans.list.query(input)}
        empty={
          <StateMessage kind="empty" title="Nothing was planned yet">
            Creating, changing or deleting a connector begins with a plan; it and its run are listed here.
          </StateMessage>
        }
      />
    </>
  );
}
