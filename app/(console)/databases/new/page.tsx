import type { Metadata } from "next";
import { NewDatabase } from "#components/databases/new-database.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Register a database" };

export default async function NewDatabasePage() {
  await prefetch(trpc.connectors.clusters.queryOptions());
  return (
    <HydrateClient>
      <NewDatabase />
    </HydrateClient>
  );
}
