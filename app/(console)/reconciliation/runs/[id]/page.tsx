import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { CheckPage } from "#components/reconciliation/check-page.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Check" };

const Params = z.object({ id: z.uuid() });

export default async function CheckRoute({ params }: { params: Promise<unknown> }) {
  const parsed = Params.safeParse(await params);
  if (!parsed.success) notFound();
  const { id } = parsed.data;
  await prefetch(trpc.reconciliation.run.queryOptions({ id }));
  return (
    <HydrateClient>
      <CheckPage id={id} />
    </HydrateClient>
  );
}
