"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import dynamic from "next/dynamic";
import { useMemo } from "react";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { useTick } from "#components/ui/clock.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { pipelineVerdict } from "#domain/pipelines/pipeline-verdict.ts";
import type { PipelineView } from "#domain/pipelines/pipeline-view.ts";
import type { PipelineRef } from "#domain/pipelines/schema.ts";
import { GateView } from "./gate-view.tsx";
import { TABLE_LIST } from "./list-options.ts";
import { PipelineOutages } from "./pipeline-outages.tsx";
import { tablePath } from "./pipeline-path.ts";
import { PipelineStations } from "./pipeline-stations.tsx";
import { SnapshotBanner } from "./snapshot-banner.tsx";
import { tableColumns } from "./table-columns.tsx";
import { useOpenTable } from "./use-open-table.ts";

const TableSheet = dynamic(() => import("./table-sheet.tsx").then((module) => module.TableSheet), {
  ssr: false,
});

/** Does everything of this source arrive, how far is it, and what is in the way? */
export function PipelinePage(ref: PipelineRef) {
  const trpc = useTRPC();
  const query = useQuery(trpc.pipelines.get.queryOptions(ref, { refetchInterval: 10_000 }));
  const [openTable, setOpenTable] = useOpenTable();
  return (
    <>
      {!query.data && <PageHeader crumbs={crumbsOf(ref.cluster)} title={ref.source} mono />}
      <QueryState query={query} what={`the pipeline ${ref.source}`}>
        {(pipeline) => (
          <>
            <PipelineHeader pipeline={pipeline} />
            <PipelineOutages pipeline={pipeline} />
            <PipelineStations pipeline={pipeline} />
            <SnapshotBanner snapshot={pipeline.snapshot} />
            {pipeline.tables.length > 0 ? (
              <GateView pipeline={pipeline} />
            ) : (
              <StateMessage kind="empty" title="No table is known yet">
                Tables appear with the topics of this source. A source that names its tables shows them at
                once.
              </StateMessage>
            )}
            {pipeline.tables.length > 0 && <PipelineTables {...ref} />}
            {openTable && <TableSheet {...ref} table={openTable} onClose={() => setOpenTable(null)} />}
          </>
        )}
      </QueryState>
    </>
  );
}

function crumbsOf(cluster: string) {
  return [{ label: "Pipelines", href: "/pipelines" as const }, { label: cluster }];
}

function PipelineHeader({ pipeline }: { pipeline: PipelineView }) {
  const verdict = useTick((now) => JSON.stringify(pipelineVerdict(pipeline, now)));
  const { status, words } = JSON.parse(verdict) as ReturnType<typeof pipelineVerdict>;
  return (
    <PageHeader
      crumbs={crumbsOf(pipeline.cluster)}
      title={pipeline.source.name}
      mono
      status={<StatusBadge status={status} look="pill" />}
      answer={words}
    />
  );
}

function PipelineTables(ref: PipelineRef) {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(TABLE_LIST);
  const { cluster, source } = ref;
  const query = useQuery(
    trpc.pipelines.tables.queryOptions({ ...ref, ...list.input }, { placeholderData: keepPreviousData }),
  );
  const columns = useMemo(() => tableColumns({ cluster, source }), [cluster, source]);
  return (
    <div>
      <DataTable
        name="pipeline-tables"
        noun="table"
        list={list}
        query={query}
        columns={columns}
        getRowId={(row) => row.name}
        rowLabel={(row) => row.name}
        rowHref={(row) => tablePath(ref, row.name)}
        fetchPage={(input) => client.pipelines.tables.query({ ...ref, ...input })}
        empty={<StateMessage kind="empty" title="No table is known yet" />}
      />
    </div>
  );
}
