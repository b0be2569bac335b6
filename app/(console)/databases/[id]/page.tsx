import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DatabasePage } from "#components/databases/database-page.tsx";
import { DatabaseId } from "#domain/databases/schema.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Database" };

export default async function Page({ params }: PageProps<"/databases/[id]">) {
  const database = DatabaseId.safeParse(await params);
  if (!database.success) notFound();
  await prefetch(trpc.databases.get.queryOptions(database.data));
  return (
    <HydrateClient>
      <DatabasePage id={database.data.id} />
    </HydrateClient>
  );
}
