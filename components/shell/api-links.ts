import {
  createTRPCClient,
  httpBatchLink,
  httpSubscriptionLink,
  splitLink,
  type TRPCClient,
} from "@trpc/client";
import superjson from "superjson";
import { reportServerTime } from "#components/ui/clock.tsx";
import type { AppRouter } from "#server/api/root.ts";
import { reportContact } from "./live-status.ts";

const ENDPOINT = "/api/trpc";

export function createBrowserClient(): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === "subscription",
        true: httpSubscriptionLink({ url: ENDPOINT, transformer: superjson }),
        false: httpBatchLink({
          url: ENDPOINT,
          transformer: superjson,
          maxURLLength: 4_000,
          fetch: async (url, options) => {
            const reply = await fetch(url, options as RequestInit);
            const date = reply.headers.get("date");
            if (date) reportServerTime(Date.parse(date));
            if (reply.ok) reportContact();
            return reply;
          },
        }),
      }),
    ],
  });
}

/** While HTML is made there is no browser session to speak with: whatever is needed has been prefetched by the page. */
export function createServerSideClient(): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      httpBatchLink({
        url: "http://prefetch.invalid",
        transformer: superjson,
        fetch: (url) => Promise.reject(new Error(`Prefetch this in the page that needs it: ${url}`)),
      }),
    ],
  });
}
