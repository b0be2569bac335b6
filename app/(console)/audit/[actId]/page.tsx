import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ActScreen } from "#components/audit/act-screen.tsx";
import { AuditActId } from "#domain/audit/schema.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Act" };

export default async function ActPage({ params }: PageProps<"/audit/[actId]">) {
  const act = AuditActId.safeParse(await params);
  if (!act.success) notFound();
  await prefetch(trpc.audit.get.queryOptions(act.data));
  return (
    <HydrateClient>
      <ActScreen actId={act.data.actId} />
    </HydrateClient>
  );
}
