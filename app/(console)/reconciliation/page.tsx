import type { Metadata } from "next";
import { readListInput } from "#components/data-table/list-params.ts";
import { TABLE_LIST } from "#components/reconciliation/list-options.ts";
import { ReconciliationScreen } from "#components/reconciliation/reconciliation-screen.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Reconciliation" };

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ReconciliationPage({ searchParams }: Props) {
  const params = await searchParams;
  await Promise.all([
    prefetch(trpc.reconciliation.fleet.queryOptions()),
    prefetch(trpc.reconciliation.tables.queryOptions(readListInput(params, TABLE_LIST))),
  ]);
  return (
    <HydrateClient>
      <ReconciliationScreen />
    </HydrateClient>
  );
}
