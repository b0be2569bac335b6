import type { Metadata } from "next";
import { Overview } from "#components/overview/overview.tsx";
import {
  BROKEN_CONNECTORS,
  BROKEN_PIPELINES,
  SECRETS_IN_THE_OPEN,
} from "#components/overview/overview-inputs.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  await Promise.all([
    prefetch(trpc.catalog.clusters.queryOptions()),
    prefetch(trpc.connectors.summary.queryOptions()),
    prefetch(trpc.connectors.list.queryOptions(BROKEN_CONNECTORS)),
    prefetch(trpc.connectors.list.queryOptions(SECRETS_IN_THE_OPEN)),
    prefetch(trpc.pipelines.list.queryOptions(BROKEN_PIPELINES)),
    prefetch(trpc.deadLetters.summary.queryOptions()),
    prefetch(trpc.reconciliation.fleet.queryOptions()),
    prefetch(trpc.plans.summary.queryOptions()),
    prefetch(trpc.plans.worker.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <Overview />
    </HydrateClient>
  );
}
