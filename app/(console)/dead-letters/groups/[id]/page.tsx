import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readListInput } from "#components/data-table/list-params.ts";
import { GroupPage } from "#components/dead-letters/group-page.tsx";
import { RECORD_LIST } from "#components/dead-letters/list-options.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";
import { DeadLetterParams } from "../../dead-letter-params.ts";

export const metadata: Metadata = { title: "Failure group" };

interface Props {
  params: Promise<unknown>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function GroupRoute({ params, searchParams }: Props) {
  const parsed = DeadLetterParams.safeParse(await params);
  if (!parsed.success) notFound();
  const { id } = parsed.data;
  const input = readListInput(await searchParams, RECORD_LIST);
  await Promise.all([
    prefetch(trpc.deadLetters.group.queryOptions({ id })),
    prefetch(trpc.deadLetters.records.queryOptions({ ...input, group: id })),
  ]);
  return (
    <HydrateClient>
      <GroupPage id={id} />
    </HydrateClient>
  );
}
