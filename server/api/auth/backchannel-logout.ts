import { AppError } from "#domain/errors/app-error.ts";
import { acceptLogoutToken } from "#server/access/accept-logout-token.ts";
import { stateDatabaseOutage } from "../state-database-outage.ts";
import type { AuthParts } from "./auth-parts.ts";
import { clientAddress } from "./client-address.ts";

const LARGEST_BODY = 20_000;

/** The provider's call when somebody signed out elsewhere: 200, or 400 saying what is wrong with the token. */
export async function backchannelLogout(parts: AuthParts, request: Request): Promise<Response> {
  const { provider, deps } = parts;
  if (!provider) return refused(400, "Sign-in is not configured here");
  try {
    const { waitSeconds } = await deps.limits.take(
      "backchannelLogout",
      clientAddress(request.headers) ?? "unknown",
    );
    if (waitSeconds > 0)
      return refused(429, "Too many logout tokens", { "retry-after": String(waitSeconds) });
    const type = request.headers.get("content-type") ?? "";
    if (!type.startsWith("application/x-www-form-urlencoded")) return refused(400, "A form was expected");
    const body = await request.text();
    if (body.length > LARGEST_BODY) return refused(400, "The form is too large");
    const token = new URLSearchParams(body).get("logout_token");
    if (!token) return refused(400, "logout_token is missing");
    const ended = await acceptLogoutToken(deps, provider, token);
    deps.log.info({ ended }, "sessions ended by the identity provider");
    return new Response(null, { status: 200, headers: { "cache-control": "no-store" } });
  } catch (caught) {
    const error = stateDatabaseOutage(caught) ?? caught;
    if (error instanceof AppError && error.code === "invalid") {
      deps.log.warn({ reason: error.message }, "a logout token was refused");
      return refused(400, error.message);
    }
    deps.log.error({ err: error }, "a logout token could not be processed");
    return refused(503, error instanceof AppError ? error.message : "Something went wrong on our side");
  }
}

function refused(status: number, description: string, headers: Record<string, string> = {}): Response {
  const error = status === 400 ? "invalid_request" : "temporarily_unavailable";
  return Response.json(
    { error, error_description: description },
    { status, headers: { "cache-control": "no-store", ...headers } },
  );
}
