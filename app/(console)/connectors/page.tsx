import type { Metadata } from "next";
import { ConnectorList } from "#components/connectors/connector-list.tsx";
import { CONNECTOR_LIST } from "#components/connectors/list-options.ts";
import { readListInput } from "#components/data-table/list-params.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Connectors" };

export default async function ConnectorsPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const input = readListInput(await searchParams, CONNECTOR_LIST);
  await Promise.all([
    prefetch(trpc.connectors.list.queryOptions(input)),
    prefetch(trpc.connectors.summary.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <ConnectorList />
    </HydrateClient>
  );
}
