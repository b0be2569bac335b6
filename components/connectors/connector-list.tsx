"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { Route } from "next";
import Link from "next/link";
import { DataTable } from "#components/data-table/data-table.tsx";
import { useListState } from "#components/data-table/use-list-state.ts";
import { PageHeader } from "#components/shell/page-header.tsx";
import { useTRPC, useTRPCClient } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { BulkActions } from "./bulk-actions.tsx";
import { CONNECTOR_COLUMNS } from "./connector-columns.tsx";
import { connectorPath } from "./connector-path.ts";
import { listAnswer } from "./list-answer.ts";
import { CONNECTOR_LIST } from "./list-options.ts";
import { StaleClusters } from "./stale-clusters.tsx";

export function ConnectorList() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const list = useListState(CONNECTOR_LIST);
  const query = useQuery(
    trpc.connectors.list.queryOptions(list.input, { placeholderData: keepPreviousData }),
  );
  const summary = useQuery(trpc.connectors.summary.queryOptions());
  return (
    <>
      <PageHeader
        title="Connectors"
        answer={summary.data && listAnswer(summary.data.total, summary.data.byHealth)}
        actions={<NewConnectorLink />}
      />
      {summary.data && <StaleClusters clusters={summary.data.clusters} />}
      <DataTable
        name="connectors"
        noun="connector"
        list={list}
        query={query}
        columns={CONNECTOR_COLUMNS}
        getRowId={(row) => `${row.cluster}/${row.name}`}
        rowLabel={(row) => row.name}
        rowHref={(row) => connectorPath(row)}
        selectionActions={(chosen) => <BulkActions {...chosen} />}
        fetchPage={(input) => client.connectors.list.query(input)}
        empty={<NoConnectors hasClusters={(summary.data?.clusters.length ?? 1) > 0} />}
      />
    </>
  );
}

function NewConnectorLink() {
  const { allowed, reason } = usePermission("connectors:configure");
  if (!allowed) {
    return (
      <Button variant="primary" blockedBecause={reason}>
        <Plus aria-hidden /> New connector
      </Button>
    );
  }
  return (
    <Button variant="primary" asChild>
      <Link href={"/connectors/new" as Route}>
        <Plus aria-hidden /> New connector
      </Link>
    </Button>
  );
}

function NoConnectors({ hasClusters }: { hasClusters: boolean }) {
  if (!hasClusters) {
    return (
      <StateMessage kind="empty" title="No cluster is configured">
        Name a cluster in headgate.yaml or the environment; its connectors appear here within seconds.
      </StateMessage>
    );
  }
  return (
    <StateMessage kind="empty" title="There are no connectors yet" action={<NewConnectorLink />}>
      Connectors of every configured cluster appear here, whoever made them.
    </StateMessage>
  );
}
