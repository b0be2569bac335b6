import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { PlanPage } from "#components/plans/plan-page.tsx";
import { PlanId } from "#domain/plans/schema.ts";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Plan" };

export default async function Page({ params }: PageProps<"/plans/[id]">) {
  const plan = PlanId.safeParse(await params);
  if (!plan.success) notFound();
  await prefetch(trpc.plans.get.queryOptions(plan.data));
  return (
    <HydrateClient>
      <PlanPage planId={plan.data.id} />
    </HydrateClient>
  );
}
