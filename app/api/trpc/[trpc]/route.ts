import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { currentSession } from "#server/api/auth/current-actor.ts";
import { appRouter } from "#server/api/root.ts";
import { webDeps } from "#server/api/web-deps.ts";

export const dynamic = "force-dynamic";

function handle(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: async () => {
      const session = await currentSession(request.headers);
      return {
        deps: webDeps(),
        actor: session?.actor,
        sessionId: session?.sessionId,
        headers: request.headers,
      };
    },
    responseMeta: () => ({ headers: { "cache-control": "no-store" } }),
  });
}

export { handle as GET, handle as POST };
