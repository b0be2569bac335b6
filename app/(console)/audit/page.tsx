import type { Metadata } from "next";
import { AUDIT_LIST } from "#components/audit/audit-list.ts";
import { AuditScreen } from "#components/audit/audit-screen.tsx";
import { readListInput } from "#components/data-table/list-params.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Audit trail" };

export default async function AuditPage({ searchParams }: PageProps<"/audit">) {
  await Promise.all([
    prefetch(trpc.audit.list.queryOptions(readListInput(await searchParams, AUDIT_LIST))),
    prefetch(trpc.audit.state.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <AuditScreen />
    </HydrateClient>
  );
}
