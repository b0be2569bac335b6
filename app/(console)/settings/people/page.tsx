import type { Metadata } from "next";
import { PeopleScreen } from "#components/access/people-screen.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  await prefetch(trpc.access.people.queryOptions());
  return (
    <HydrateClient>
      <PeopleScreen />
    </HydrateClient>
  );
}
