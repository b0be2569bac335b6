import type { Metadata } from "next";
import { readListInput } from "#components/data-table/list-params.ts";
import { DatabaseList } from "#components/databases/database-list.tsx";
import { DATABASE_LIST } from "#components/databases/list-options.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Databases" };

export default async function DatabasesPage({ searchParams }: PageProps<"/databases">) {
  await prefetch(trpc.databases.list.queryOptions(readListInput(await searchParams, DATABASE_LIST)));
  return (
    <HydrateClient>
      <DatabaseList />
    </HydrateClient>
  );
}
