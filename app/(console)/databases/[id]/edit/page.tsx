import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EditDatabase } from "#components/databases/edit-database.tsx";
import { DatabaseId } from "#domain/databases/schema.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Edit database" };

export default async function Page({ params }: PageProps<"/databases/[id]/edit">) {
  const database = DatabaseId.safeParse(await params);
  if (!database.success) notFound();
  await prefetch(trpc.databases.get.queryOptions(database.data));
  return (
    <HydrateClient>
      <EditDatabase id={database.data.id} />
    </HydrateClient>
  );
}
