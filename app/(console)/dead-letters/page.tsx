import type { Metadata } from "next";
import { readListInput } from "#components/data-table/list-params.ts";
import { DeadLettersScreen } from "#components/dead-letters/dead-letters-screen.tsx";
import { GROUP_LIST, RECORD_LIST } from "#components/dead-letters/list-options.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Dead letters" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function DeadLettersPage({ searchParams }: Props) {
  const params = await searchParams;
  await Promise.all([
    prefetch(trpc.deadLetters.summary.queryOptions()),
    params.tab === "records"
      ? prefetch(trpc.deadLetters.records.queryOptions(readListInput(params, RECORD_LIST)))
      : prefetch(trpc.deadLetters.groups.queryOptions(readListInput(params, GROUP_LIST))),
  ]);
  return (
    <HydrateClient>
      <DeadLettersScreen />
    </HydrateClient>
  );
}
