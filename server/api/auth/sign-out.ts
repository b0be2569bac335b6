import { closeSessions } from "#server/access/close-sessions.ts";
import { findSession } from "#server/access/find-session.ts";
import { openTokens } from "#server/access/session-token.ts";
import { stateDatabaseOutage } from "#server/api/state-database-outage.ts";
import type { AuthParts } from "./auth-parts.ts";
import { clearedCookie, readCookies } from "./cookies.ts";

/** POST of the sign-out form: ends the session here, then at the provider, which sends the browser back. */
export async function signOut(parts: AuthParts, request: Request): Promise<Response> {
  const { provider, consoleUrl, cookies } = parts;
  const token = readCookies(request.headers.get("cookie"))[cookies.session];
  let ended: EndedSession | undefined;
  try {
    ended = token ? await endSession(parts, token) : undefined;
  } catch (error) {
    if (!stateDatabaseOutage(error)) throw error;
    parts.deps.log.error({ err: error }, "a session could not be ended");
    // The cookie stays: taken away, the session would live on without anybody able to end it.
    return new Response(null, {
      status: 303,
      headers: { location: `${consoleUrl}/sign-in?problem=database_down`, "cache-control": "no-store" },
    });
  }
  const headers = new Headers({ "cache-control": "no-store" });
  headers.append("set-cookie", clearedCookie(cookies.session, cookies.isSecure));
  headers.set("location", ended ? await providerLogoutUrl(ended) : `${consoleUrl}/sign-in`);
  return new Response(null, { status: 303, headers });

  /** The provider's end of session; when it does not answer, signing out here has to do. */
  async function providerLogoutUrl({ idToken }: EndedSession): Promise<string> {
    const metadata = await provider?.discover().catch(() => undefined);
    if (!provider || !metadata?.end_session_endpoint) return `${consoleUrl}/sign-in?signedOut=here`;
    const url = new URL(metadata.end_session_endpoint);
    url.searchParams.set("client_id", provider.clientId);
    url.searchParams.set("post_logout_redirect_uri", `${consoleUrl}/`);
    if (idToken) url.searchParams.set("id_token_hint", idToken);
    return url.href;
  }
}

interface EndedSession {
  /** Says at the provider who signs out. */
  idToken: string | undefined;
}

async function endSession({ deps, settings }: AuthParts, token: string): Promise<EndedSession | undefined> {
  const session = await findSession(deps, token);
  if (!session) return undefined;
  const { id, name, roles } = session.person;
  await deps.db.transaction((tx) =>
    closeSessions(tx, {
      action: "access.sign-out",
      actor: { id, name, roles, via: "browser" },
      sessionIds: [session.id],
      reason: "Signed out",
    }),
  );
  const key = { secret: settings.secret, sessionToken: token, sessionId: session.id };
  return { idToken: session.sealedTokens ? openTokens(session.sealedTokens, key)?.idToken : undefined };
}
