import { router, signedInProcedure } from "#server/api/trpc.ts";
import { watchChanges } from "./watch-changes.ts";

export const liveRouter = router({
  changes: signedInProcedure.subscription(({ ctx, signal }) =>
    watchChanges(ctx.deps, ctx.actor, signal ?? new AbortController().signal),
  ),
});
