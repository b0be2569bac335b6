"use client";

import { useQuery } from "@tanstack/react-query";
import { DeadLettersTile } from "#components/dead-letters/overview-tile.tsx";
import { WorkerNotice } from "#components/plans/worker-notice.tsx";
import { ReconciliationTile } from "#components/reconciliation/overview-tile.tsx";
import { PageHeader } from "#components/shell/page-header.tsx";
import { QueryFailure, type QueryLike, QueryStale, QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { StatusBadge } from "#components/ui/status-badge.tsx";
import { UPSTREAM_NAME } from "#domain/observability/upstream-name.ts";
import { AddCluster } from "./add-cluster.tsx";
import { attentionItems } from "./attention.ts";
import { ClusterUpstreams } from "./cluster-upstreams.tsx";
import { ConnectorCounts } from "./connector-counts.tsx";
import { NeedsAPerson } from "./needs-a-person.tsx";
import { overviewAnswer } from "./overview-answer.ts";
import { BROKEN_CONNECTORS, BROKEN_PIPELINES, SECRETS_IN_THE_OPEN } from "./overview-inputs.ts";

/** Is anything broken, and what needs me? */
export function Overview() {
  const trpc = useTRPC();
  const catalog = useQuery(trpc.catalog.clusters.queryOptions());
  const summary = useQuery(trpc.connectors.summary.queryOptions());
  const connectors = useQuery(trpc.connectors.list.queryOptions(BROKEN_CONNECTORS));
  const secrets = useQuery(trpc.connectors.list.queryOptions(SECRETS_IN_THE_OPEN));
  const pipelines = useQuery(trpc.pipelines.list.queryOptions(BROKEN_PIPELINES));
  const plans = useQuery(trpc.plans.summary.queryOptions());
  const letters = useQuery(trpc.deadLetters.summary.queryOptions());
  const drift = useQuery(trpc.reconciliation.fleet.queryOptions());
  const facts = [connectors, secrets, pipelines, plans, letters, drift];
  const failed = facts.find((query) => query.error);
  const isWhole = facts.every((query) => query.data !== undefined);

  return (
    <QueryState query={catalog} what="the clusters">
      {({ clusters }) => {
        if (clusters.length === 0)
          return (
            <>
              <PageHeader title="Overview" answer="Nothing is watched yet: no cluster is configured." />
              <AddCluster />
            </>
          );
        const silent = clusters.flatMap(({ name, upstreams }) =>
          upstreams
            .filter(({ state }) => state === "down")
            .map(({ upstream }) => `${UPSTREAM_NAME[upstream]} of ${name}`),
        );
        const ailing = clusters.flatMap(({ name, upstreams }) =>
          upstreams
            .filter(({ state }) => state === "sealed" || state === "degraded")
            .map(({ upstream, state }) => `${UPSTREAM_NAME[upstream]} of ${name} is ${state}`),
        );
        const items = attentionItems({
          clusters,
          pipelines: pipelines.data?.rows ?? [],
          connectors: connectors.data?.rows ?? [],
          secretsInTheOpen: secrets.data?.total ?? 0,
          runsThatNeedAttention: plans.data?.needs_attention ?? 0,
          deadLetters: letters.data?.open ?? 0,
          floods: letters.data?.systemic ?? [],
          driftingTables: drift.data?.states.drift_unexplained ?? 0,
          plansToDecide: (plans.data?.proposed ?? 0) + (plans.data?.approved ?? 0),
        });
        return (
          <QueryState query={summary} what="the connectors">
            {({ total, byHealth }) => {
              const answer = overviewAnswer({
                total,
                byHealth,
                silent,
                ailing,
                unwatched: clusters
                  .filter(({ upstreams }) =>
                    upstreams.some(({ upstream, state }) => upstream === "connect" && state === "unknown"),
                  )
                  .map(({ name }) => name),
                clusters: clusters.length,
                brokenPipelines: pipelines.data?.total,
              });
              return (
                <>
                  <PageHeader
                    title="Overview"
                    status={<StatusBadge status={answer.status} look="pill" />}
                    answer={answer.text}
                  />
                  <WorkerNotice />
                  <ConnectorCounts total={total} byHealth={byHealth} />
                  {failed && <NotAllRead query={failed} />}
                  {isWhole || items.length > 0 ? (
                    <NeedsAPerson items={items} checkedAt={new Date(oldest([summary, ...facts]))} />
                  ) : (
                    !failed && <Skeleton label="Reading what needs a person" />
                  )}
                  <DeadLettersTile />
                  <ReconciliationTile />
                  {clusters.map((cluster) => (
                    <ClusterUpstreams key={cluster.name} {...cluster} />
                  ))}
                </>
              );
            }}
          </QueryState>
        );
      }}
    </QueryState>
  );
}

function NotAllRead({ query }: { query: QueryLike<unknown> }) {
  const Shown = query.data === undefined ? QueryFailure : QueryStale;
  return <Shown query={query} what="all that needs a person" />;
}

/** What is said of all of it is as old as the oldest part. */
function oldest(queries: readonly Pick<QueryLike<unknown>, "dataUpdatedAt">[]): number {
  return Math.min(...queries.map(({ dataUpdatedAt }) => dataUpdatedAt));
}
