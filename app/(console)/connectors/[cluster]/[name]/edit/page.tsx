import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { EditConnector } from "#components/connectors/edit-connector.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";
import { ConnectorParams } from "../../../connector-params.ts";

export const metadata: Metadata = { title: "Edit configuration" };

export default async function EditConnectorRoute({ params }: { params: Promise<unknown> }) {
  const parsed = ConnectorParams.safeParse(await params);
  if (!parsed.success) notFound();
  await prefetch(trpc.connectors.get.queryOptions(parsed.data));
  return (
    <HydrateClient>
      <EditConnector {...parsed.data} />
    </HydrateClient>
  );
}
