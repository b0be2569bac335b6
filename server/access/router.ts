import { SessionId } from "#domain/access/schema.ts";
import { router, signedInProcedure } from "../api/trpc.ts";
import { endOtherSessions, endSession } from "./end-session.ts";
import { getMe } from "./get-me.ts";
import { listMySessions } from "./list-my-sessions.ts";
import { listPeople } from "./list-people.ts";

export const accessRouter = router({
  me: signedInProcedure.query(({ ctx }) => getMe(ctx.deps, ctx.actor)),
  mySessions: signedInProcedure.query(({ ctx }) =>
    listMySessions(ctx.deps, ctx.actor, { sessionId: ctx.sessionId }),
  ),
  people: signedInProcedure.query(({ ctx }) => listPeople(ctx.deps, ctx.actor, { sessionId: ctx.sessionId })),
  endSession: signedInProcedure
    .input(SessionId)
    .mutation(({ ctx, input }) => endSession(ctx.deps, ctx.actor, input)),
  endOtherSessions: signedInProcedure.mutation(({ ctx }) =>
    endOtherSessions(ctx.deps, ctx.actor, { sessionId: ctx.sessionId }),
  ),
});
