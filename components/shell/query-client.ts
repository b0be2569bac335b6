import { defaultShouldDehydrateQuery, QueryClient } from "@tanstack/react-query";
import { TRPCClientError } from "@trpc/client";
import superjson from "superjson";
import type { AppRouter } from "#server/api/root.ts";

/** Both sides of the wire: the server's per-request client and the browser's one. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: shouldRetry,
        retryDelay: (count) => Math.min(8_000, 500 * 2 ** count) * (0.75 + Math.random() / 2),
      },
      dehydrate: {
        serializeData: superjson.serialize,
        shouldDehydrateQuery: (query) =>
          defaultShouldDehydrateQuery(query) || query.state.status === "pending",
      },
      hydrate: { deserializeData: superjson.deserialize },
    },
  });
}

export function shouldRetry(count: number, error: unknown): boolean {
  if (isApiError(error)) return error.data?.retryable === true && count < 2;
  // A prefetch that failed on the server arrives without its reason: asking from here tells it.
  return count < 1;
}

export function isApiError(error: unknown): error is TRPCClientError<AppRouter> {
  return error instanceof TRPCClientError;
}
