import { initTRPC, TRPCError } from "@trpc/server";
import superjson from "superjson";
import { AppError, type ErrorCode } from "#domain/errors/app-error.ts";
import { recordRefusal } from "#server/audit/record-refusal.ts";
import type { ApiContext } from "./context.ts";
import { stateDatabaseOutage } from "./state-database-outage.ts";

const TRPC_CODE = {
  invalid: "BAD_REQUEST",
  unauthenticated: "UNAUTHORIZED",
  forbidden: "FORBIDDEN",
  not_found: "NOT_FOUND",
  conflict: "CONFLICT",
  precondition_failed: "PRECONDITION_FAILED",
  too_many_requests: "TOO_MANY_REQUESTS",
  upstream_rejected: "UNPROCESSABLE_CONTENT",
  upstream_unavailable: "SERVICE_UNAVAILABLE",
  upstream_contract_broken: "BAD_GATEWAY",
} as const satisfies Record<ErrorCode, string>;

const t = initTRPC.context<ApiContext>().create({
  transformer: superjson,
  // Streams end now and then so that the browser opens them anew: a session that was revoked meanwhile ends there.
  sse: {
    maxDurationMs: 5 * 60_000,
    ping: { enabled: true, intervalMs: 15_000 },
    client: { reconnectAfterInactivityMs: 40_000 },
  },
  errorFormatter({ shape, error }) {
    const cause = error.cause instanceof AppError ? error.cause : undefined;
    return {
      message: shape.message,
      code: shape.code,
      data: {
        code: shape.data.code,
        httpStatus: shape.data.httpStatus,
        reason: cause?.code ?? null,
        retryable: cause?.retryable ?? false,
        problems: cause?.problems ?? [],
        upstream: cause?.upstream ?? null,
      },
    };
  },
});

const translateErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  const { code } = result.error;
  const cause = stateDatabaseOutage(result.error.cause) ?? result.error.cause;
  if (cause instanceof AppError && ctx.actor) await recordRefusal(ctx.deps, ctx.actor, path, cause);
  if (cause instanceof AppError)
    throw new TRPCError({ code: TRPC_CODE[cause.code], message: cause.message, cause });
  if (code !== "INTERNAL_SERVER_ERROR") return result;
  const reference = crypto.randomUUID().slice(0, 8);
  ctx.deps.log.error({ path, reference, err: cause }, "unexpected error");
  throw new TRPCError({ code, message: `Something went wrong on our side. Reference ${reference}`, cause });
});

export const router = t.router;

const publicProcedure = t.procedure.use(translateErrors);

/** The door of every procedure: a signed-in person with at least one role. Permissions are checked by the verbs. */
export const signedInProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.actor) throw new AppError("unauthenticated", "Sign in to continue");
  if (ctx.actor.roles.length === 0) throw new AppError("forbidden", "Your account has no role here yet");
  return next({ ctx: { ...ctx, actor: ctx.actor } });
});
