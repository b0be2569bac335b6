import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readListInput } from "#components/data-table/list-params.ts";
import { TABLE_LIST } from "#components/pipelines/list-options.ts";
import { PipelinePage } from "#components/pipelines/pipeline-page.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";
import { PipelineParams } from "../../pipeline-params.ts";

interface Props {
  params: Promise<unknown>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const parsed = PipelineParams.safeParse(await params);
  return { title: parsed.success ? parsed.data.source : "Pipeline" };
}

export default async function PipelineRoute({ params, searchParams }: Props) {
  const parsed = PipelineParams.safeParse(await params);
  if (!parsed.success) notFound();
  const list = readListInput(await searchParams, TABLE_LIST);
  await Promise.all([
    prefetch(trpc.pipelines.get.queryOptions(parsed.data)),
    prefetch(trpc.pipelines.tables.queryOptions({ ...parsed.data, ...list })),
  ]);
  return (
    <HydrateClient>
      <PipelinePage {...parsed.data} />
    </HydrateClient>
  );
}
