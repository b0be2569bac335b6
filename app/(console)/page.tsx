import type { Metadata } from "next";
import { BROKEN_CONNECTORS } from "#components/overview/broken-connectors.ts";
import { Overview } from "#components/overview/overview.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Overview" };

export default async function OverviewPage() {
  await Promise.all([
    prefetch(trpc.connectors.summary.queryOptions()),
    prefetch(trpc.connectors.list.queryOptions(BROKEN_CONNECTORS)),
  ]);
  return (
    <HydrateClient>
      <Overview />
    </HydrateClient>
  );
}
