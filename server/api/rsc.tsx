import "server-only";
import { dehydrate, type FetchQueryOptions, HydrationBoundary } from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache, type ReactNode } from "react";
import { createQueryClient } from "#components/shell/query-client.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { currentSession } from "./auth/current-actor.ts";
import type { SignedIn } from "./auth/find-signed-in.ts";
import type { ApiContext } from "./context.ts";
import { appRouter } from "./root.ts";
import { webDeps } from "./web-deps.ts";

/** One per request, so that layout and page share what was read. */
export const getQueryClient = cache(createQueryClient);

/** Who is signed in, once per request. */
const getSession = cache(async (): Promise<SignedIn | undefined> => currentSession(await headers()));

export async function getActor(): Promise<Actor | undefined> {
  return (await getSession())?.actor;
}

const context = cache(async (): Promise<ApiContext> => {
  const session = await getSession();
  return {
    deps: webDeps(),
    actor: session?.actor,
    sessionId: session?.sessionId,
    headers: await headers(),
  };
});

/** Names of the configured clusters, for the scope in the top bar. */
export function clusterNames(): string[] {
  return webDeps().config.clusters.map(({ name }) => name);
}

/** Procedures called in this process, without HTTP: for prefetching in pages. */
export const trpc = createTRPCOptionsProxy({ ctx: context, router: appRouter, queryClient: getQueryClient });

/**
 * Reads on the server what the page's components will ask for. Await it for reads of our own store (milliseconds, whole
 * HTML at once); do not for what asks an outside system. A failure is left to the component, which asks again and shows it.
 */
export async function prefetch<TData, TError, TKey extends readonly unknown[]>(
  // biome-ignore lint/suspicious/noExplicitAny: TanStack's own signature is invariant in the query function's data
  options: FetchQueryOptions<any, TError, TData, TKey>,
): Promise<void> {
  await getQueryClient().prefetchQuery(options);
}

export function HydrateClient({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
