"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Route } from "next";
import Link from "next/link";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { ClusterOutages } from "./cluster-outages.tsx";
import { listAnswer } from "./list-answer.ts";
import { PIPELINE_LIST } from "./list-options.ts";
import { PIPELINE_COLUMNS } from "./pipeline-columns.tsx";
import { pipelinePath } from "./pipeline-path.ts";

export function PipelineList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(PIPELINE_LIST);
  const query = useQuery(trpc.pipelines.list.queryOptions(list.input, { placeholderData: keepPreviousData }));
  const clusters = useQuery(trpc.catalog.clusters.queryOptions(undefined, { refetchInterval: 10_000 }));
  const isWhole = list.input.filter === "" && query.data !== undefined;
  return (
    <>
      <PageHeader
        title="Pipelines"
        answer={isWhole && query.data ? listAnswer(query.data.rows, query.data.total) : undefined}
      />
      {clusters.data && <ClusterOutages clusters={clusters.data.clusters} />}
      <DataTable
        name="pipelines"
        noun="pipeline"
        list={list}
        query={query}
        columns={PIPELINE_COLUMNS}
        getRowId={(row) => `${row.cluster}/${row.source}`}
        rowLabel={(row) => row.source}
        rowHref={(row) => pipelinePath(row)}
        fetchPage={(input) => client.pipelines.list.query(input)}
        empty={<NoPipelines hint={clusters.data?.hint ?? null} />}
      />
    </>
  );
}

function NoPipelines({ hint }: { hint: string | null }) {
  if (hint) {
    return (
      <StateMessage kind="empty" title="No cluster is configured">
        {hint}.
      </StateMessage>
    );
  }
  return (
    <StateMessage
      kind="empty"
      title="There is no pipeline yet"
      action={
        <Button variant="primary" asChild>
          <Link href={"/connectors/new" as Route}>New connector</Link>
        </Button>
      }
    >
      A pipeline begins with a source connector; it appears here within seconds, whoever made it.
    </StateMessage>
  );
}
