import type { Metadata } from "next";
import { SettingsScreen } from "#components/access/settings-screen.tsx";
import { HydrateClient, prefetch, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  await Promise.all([
    prefetch(trpc.access.me.queryOptions()),
    prefetch(trpc.access.mySessions.queryOptions()),
  ]);
  return (
    <HydrateClient>
      <SettingsScreen />
    </HydrateClient>
  );
}
