import type { Metadata } from "next";
import { readListInput } from "#components/data-table/list-params.ts";
import { ActivityList } from "#components/plans/activity-list.tsx";
import { PLAN_LIST } from "#components/plans/list-options.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Activity" };

export default async function ActivityPage({ searchParams }: PageProps<"/activity">) {
  const input = readListInput(await searchParams, PLAN_LIST);
  await Promise.all([
    prefetch(trpc.plans.list.queryOptions(input)),
    prefetch(trpc.plans.summary.queryOptions()),
    prefetch(trpc.plans.worker.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <ActivityList />
    </HydrateClient>
  );
}
