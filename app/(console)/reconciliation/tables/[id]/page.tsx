import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { z } from "zod";
import { CheckedTablePage } from "#components/reconciliation/checked-table-page.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Checked table" };

const Params = z.object({ id: z.coerce.number().int().positive() });

export default async function CheckedTableRoute({ params }: { params: Promise<unknown> }) {
  const parsed = Params.safeParse(await params);
  if (!parsed.success) notFound();
  const { id } = parsed.data;
  await prefetch(trpc.reconciliation.table.queryOptions({ id }));
  return (
    <HydrateClient>
      <CheckedTablePage id={id} />
    </HydrateClient>
  );
}
