"use client";

import { useQuery } from "@tanstack/react-query";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { AddCluster } from "./add-cluster.tsx";
import { ConnectorCounts } from "./connector-counts.tsx";
import { NeedsAPerson } from "./needs-a-person.tsx";
import { overviewAnswer } from "./overview-answer.ts";

export function Overview() {
  const trpc = useTRPC();
  const summary = useQuery(trpc.connectors.summary.queryOptions());
  return (
    <QueryState query={summary} what="the overview">
      {({ total, byHealth, clusters }) => {
        if (clusters.length === 0)
          return (
            <>
              <PageHeader title="Overview" answer="Nothing is watched yet: no cluster is configured." />
              <AddCluster />
            </>
          );
        const silent = clusters
          .filter((cluster) => cluster.state === "down")
          .map((cluster) => `Kafka Connect of ${cluster.cluster}`);
        const answer = overviewAnswer({ total, byHealth, silent, clusters: clusters.length });
        return (
          <>
            <PageHeader
              title="Overview"
              status={<StatusBadge status={answer.status} look="pill" />}
              answer={answer.text}
            />
            <ConnectorCounts total={total} byHealth={byHealth} />
            <NeedsAPerson />
          </>
        );
      }}
    </QueryState>
  );
}
