import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import { createTRPCClient, httpLink } from "@trpc/client";
import type { ReactNode } from "react";
import superjson from "superjson";
import { createQueryClient } from "#components/shell/query-client.ts";
import { TRPCProvider } from "#components/shell/trpc.ts";
import { ViewerProvider } from "#components/shell/viewer.tsx";
import { viewerOf } from "#components/shell/viewer-of.ts";
import type { Role } from "#domain/access/permissions.ts";
import type { AppRouter } from "#server/api/root.ts";

/** What the server would answer, by procedure; a `Refusal` is answered as the API answers refusals. */
export type Replies = Record<string, (input: unknown) => unknown>;

export class Refusal {
  readonly status: number;
  readonly message: string;
  readonly data: Record<string, unknown>;

  constructor(status: number, message: string, data: Record<string, unknown>) {
    this.status = status;
    this.message = message;
    // The API says all of this with every failure.
    this.data = { reason: null, upstream: null, retryable: false, problems: [], ...data };
  }
}

/** Renders a screen with a network that gives these replies; `requests` is what left the browser. */
export function renderWithReplies(screen: ReactNode, replies: Replies, role: Role = "engineer") {
  const requests: { procedure: string; input: unknown; text: string }[] = [];
  const client = createTRPCClient<AppRouter>({
    links: [
      httpLink({
        url: "http://headgate.test/api/trpc",
        transformer: superjson,
        fetch: async (url, options) => {
          const { pathname, searchParams } = new URL(String(url));
          const procedure = pathname.split("/").at(-1) ?? "";
          const text = searchParams.get("input") ?? (typeof options?.body === "string" ? options.body : "");
          const input: unknown = text === "" ? undefined : superjson.deserialize(JSON.parse(text));
          requests.push({ procedure, input, text: `${url} ${text}` });
          return answer(await replies[procedure]?.(input));
        },
      }),
    ],
  });
  const queries = createQueryClient();
  const shown = render(
    <QueryClientProvider client={queries}>
      <TRPCProvider trpcClient={client} queryClient={queries}>
        <ViewerProvider viewer={viewerOf({ id: "a", name: "Ada", roles: [role], via: "browser" })}>
          {screen}
        </ViewerProvider>
      </TRPCProvider>
    </QueryClientProvider>,
  );
  return { ...shown, requests, queries };
}

function answer(reply: unknown): Response {
  if (reply instanceof Refusal) {
    const error = { message: reply.message, code: -32_000, data: reply.data };
    return Response.json({ error: superjson.serialize(error) }, { status: reply.status });
  }
  return Response.json({ result: { data: superjson.serialize(reply) } });
}
