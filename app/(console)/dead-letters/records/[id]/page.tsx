import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { RecordPage } from "#components/dead-letters/record-page.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";
import { DeadLetterParams } from "../../dead-letter-params.ts";

export const metadata: Metadata = { title: "Dead letter" };

export default async function RecordRoute({ params }: { params: Promise<unknown> }) {
  const parsed = DeadLetterParams.safeParse(await params);
  if (!parsed.success) notFound();
  await prefetch(trpc.deadLetters.record.queryOptions(parsed.data));
  return (
    <HydrateClient>
      <RecordPage id={parsed.data.id} />
    </HydrateClient>
  );
}
