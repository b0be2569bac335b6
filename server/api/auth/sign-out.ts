import { closeSessions } from "#server/access/close-sessions.ts";
import { findSession } from "#server/access/find-session.ts";
import { openTokens } from "#server/access/session-token.ts";
import type { AuthParts } from "./auth-parts.ts";
import { clearedCookie, readCookies } from "./cookies.ts";

/** POST of the sign-out form: ends the session here, then at the provider, which sends the browser back. */
export async function signOut(parts: AuthParts, request: Request): Promise<Response> {
  const { deps, settings, provider, consoleUrl, cookies } = parts;
  const token = readCookies(request.headers.get("cookie"))[cookies.session];
  const session = token ? await findSession(deps, token) : undefined;
  let idToken: string | undefined;
  if (token && session) {
    const key = { secret: settings.secret, sessionToken: token, sessionId: session.id };
    idToken = session.sealedTokens ? openTokens(session.sealedTokens, key)?.idToken : undefined;
    const { id, name, roles } = session.person;
    await deps.db.transaction((tx) =>
      closeSessions(tx, {
        action: "access.sign-out",
        actor: { id, name, roles, via: "browser" },
        sessionIds: [session.id],
        reason: "Signed out",
      }),
    );
  }
  const headers = new Headers({ "cache-control": "no-store" });
  headers.append("set-cookie", clearedCookie(cookies.session, cookies.isSecure));
  headers.set("location", session ? await providerLogoutUrl() : `${consoleUrl}/sign-in`);
  return new Response(null, { status: 303, headers });

  /** The provider's end of session; when it does not answer, signing out here has to do. */
  async function providerLogoutUrl(): Promise<string> {
    const metadata = await provider?.discover().catch(() => undefined);
    if (!provider || !metadata?.end_session_endpoint) return `${consoleUrl}/sign-in?signedOut=here`;
    const url = new URL(metadata.end_session_endpoint);
    url.searchParams.set("client_id", provider.clientId);
    url.searchParams.set("post_logout_redirect_uri", `${consoleUrl}/`);
    if (idToken) url.searchParams.set("id_token_hint", idToken);
    return url.href;
  }
}
