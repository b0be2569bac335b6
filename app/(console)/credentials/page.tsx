import type { Metadata } from "next";
import { CredentialList } from "#components/credentials/credential-list.tsx";
import { CREDENTIAL_LIST } from "#components/credentials/list-options.ts";
import { readListInput } from "#components/data-table/list-params.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Credentials" };

export default async function CredentialsPage({ searchParams }: PageProps<"/credentials">) {
  await Promise.all([
    prefetch(trpc.credentials.list.queryOptions(readListInput(await searchParams, CREDENTIAL_LIST))),
    prefetch(trpc.catalog.clusters.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <CredentialList />
    </HydrateClient>
  );
}
