import type { Route } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactNode } from "react";
import { LiveUpdates } from "#components/live/live-updates.tsx";
import { AppFrame } from "#components/shell/app-frame.tsx";
import { OutagePage } from "#components/shell/outage-page.tsx";
import { ViewerProvider } from "#components/shell/viewer.tsx";
import { viewerOf } from "#components/shell/viewer-of.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { clusterNames, getActor } from "#server/api/rsc.tsx";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const actor = await getActor().catch((error: unknown) => {
    if (error instanceof AppError) return error;
    throw error;
  });
  if (actor instanceof AppError) return <OutagePage message={actor.message} />;
  if (!actor) redirect(await signInPath());
  if (actor.roles.length === 0) redirect("/no-role");
  return (
    <ViewerProvider viewer={viewerOf(actor)}>
      <LiveUpdates />
      <AppFrame clusters={clusterNames()}>{children}</AppFrame>
    </ViewerProvider>
  );
}

/** A session that has run out comes back to the same page; proxy.ts says which one that is. */
async function signInPath(): Promise<Route> {
  const path = (await headers()).get("x-headgate-path") ?? "/";
  return `/sign-in?returnTo=${encodeURIComponent(path)}` as Route;
}
