import type { Metadata } from "next";
import { readListInput } from "#components/data-table/list-params.ts";
import { PIPELINE_LIST } from "#components/pipelines/list-options.ts";
import { PipelineList } from "#components/pipelines/pipeline-list.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Pipelines" };

export default async function PipelinesPage({ searchParams }: PageProps<"/pipelines">) {
  const input = readListInput(await searchParams, PIPELINE_LIST);
  await Promise.all([
    prefetch(trpc.pipelines.list.queryOptions(input)),
    prefetch(trpc.catalog.clusters.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <PipelineList />
    </HydrateClient>
  );
}
