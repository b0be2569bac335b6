import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ConnectorPage } from "#components/connectors/connector-page.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";
import { ConnectorParams } from "../../connector-params.ts";

interface Props {
  params: Promise<unknown>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const parsed = ConnectorParams.safeParse(await params);
  return { title: parsed.success ? parsed.data.name : "Connector" };
}

export default async function ConnectorRoute({ params }: Props) {
  const parsed = ConnectorParams.safeParse(await params);
  if (!parsed.success) notFound();
  await prefetch(trpc.connectors.get.queryOptions(parsed.data));
  return (
    <HydrateClient>
      <ConnectorPage {...parsed.data} />
    </HydrateClient>
  );
}
