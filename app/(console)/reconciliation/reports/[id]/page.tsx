import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { ReportPage } from "#components/reconciliation/report-page.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Reconciliation report" };

const Params = z.object({ id: z.uuid() });

export default async function ReportRoute({ params }: { params: Promise<unknown> }) {
  const parsed = Params.safeParse(await params);
  if (!parsed.success) notFound();
  const { id } = parsed.data;
  await prefetch(trpc.reconciliation.report.queryOptions({ id }));
  return (
    <HydrateClient>
      <ReportPage id={id} />
    </HydrateClient>
  );
}
