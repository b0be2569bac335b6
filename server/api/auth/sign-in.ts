import { z } from "zod";
import { safeReturnPath } from "#domain/access/return-path.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { openSession } from "#server/access/open-session.ts";
import { stateDatabaseOutage } from "../state-database-outage.ts";
import type { AuthParts } from "./auth-parts.ts";
import { callNextAuth } from "./call-next-auth.ts";
import { clientAddress } from "./client-address.ts";
import { readCookies } from "./cookies.ts";
import { nextAuthOptions, PROVIDER_ID, type Vouched } from "./next-auth-options.ts";

const CsrfReply = z.object({ csrfToken: z.string() });

/** POST of the sign-in form: remembers where to go afterwards and sends the browser to the provider. */
export async function startSignIn(parts: AuthParts, request: Request): Promise<Response> {
  const { provider, consoleUrl } = parts;
  if (!provider) return toSignInPage(parts, "not_configured");
  const limited = await limitSignIn(parts, request);
  if (limited) return limited;
  const form = new URLSearchParams(await request.text());
  const returnTo = safeReturnPath(form.get("returnTo"));
  const metadata = await provider.discover().catch(() => undefined);
  if (!metadata) return toSignInPage(parts, "provider_down", returnTo);
  const options = nextAuthOptions(parts, provider, metadata, {
    openSession: () => Promise.reject(new Error("nobody has been vouched for yet")),
    onError: (code, reason) => parts.deps.log.warn({ code, reason }, "sign-in could not be started"),
  });
  // The form came from this console (proxy.ts checks the origin), so the token next-auth wants is fetched on its behalf.
  const csrf = await callNextAuth(consoleUrl, options, { action: ["csrf"], method: "GET", cookies: {} });
  const csrfCookies = cookiesSet(csrf.setCookies);
  const reply = await callNextAuth(consoleUrl, options, {
    action: ["signin", PROVIDER_ID],
    method: "POST",
    cookies: csrfCookies,
    body: { csrfToken: CsrfReply.parse(csrf.body).csrfToken, callbackUrl: `${consoleUrl}${returnTo}` },
  });
  if (!reply.location || isErrorPage(reply.location)) return toSignInPage(parts, "provider_down", returnTo);
  return redirect(reply.location, reply.setCookies);
}

/** GET from the provider: checks state, nonce and PKCE, opens the session, and goes where the person wanted to be. */
export async function finishSignIn(parts: AuthParts, request: Request): Promise<Response> {
  const { provider, consoleUrl, deps } = parts;
  if (!provider) return toSignInPage(parts, "not_configured");
  const limited = await limitSignIn(parts, request);
  if (limited) return limited;
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const cookies = readCookies(request.headers.get("cookie"));
  if (query.error !== undefined) {
    deps.log.warn({ error: query.error.slice(0, 100) }, "the identity provider refused a sign-in");
    return toSignInPage(parts, query.error === "access_denied" ? "denied" : "provider_refused");
  }
  const metadata = await provider.discover().catch(() => undefined);
  if (!metadata) return toSignInPage(parts, "provider_down");
  let failure: unknown;
  const options = nextAuthOptions(parts, provider, metadata, {
    async openSession(vouched) {
      try {
        return await openSession(deps, parts.settings, newSession(vouched));
      } catch (error) {
        failure = error;
        throw error;
      }
    },
    onError: (code, reason) => deps.log.warn({ code, reason }, "sign-in failed"),
  });
  const reply = await callNextAuth(consoleUrl, options, {
    action: ["callback", PROVIDER_ID],
    method: "GET",
    cookies,
    query,
  });
  if (!reply.location || isErrorPage(reply.location)) {
    if (failure !== undefined) deps.log.error({ err: failure }, "a session could not be opened");
    return toSignInPage(parts, stateDatabaseOutage(failure) ? "database_down" : "failed");
  }
  return redirect(reply.location, reply.setCookies);

  function newSession({ claims, groups, idToken, refreshToken }: Vouched) {
    const text = (name: string) => z.string().min(1).max(300).safeParse(claims[name]).data;
    const subject = text("sub");
    if (subject === undefined) throw new AppError("upstream_contract_broken", "The ID token names nobody");
    const userAgent = request.headers.get("user-agent") ?? undefined;
    return {
      issuer: metadata?.issuer ?? "",
      subject,
      name: text("name") ?? text("preferred_username") ?? text("email") ?? subject,
      email: text("email")?.toLowerCase(),
      groups,
      oidcSid: text("sid"),
      tokens: { idToken, refreshToken },
      userAgent,
      address: clientAddress(request.headers),
      replaces: cookies[parts.cookies.session],
    };
  }
}

/** Why the sign-in page is shown again; the page has the words. */
export type SignInProblem =
  | "not_configured"
  | "provider_down"
  | "provider_refused"
  | "denied"
  | "failed"
  | "database_down"
  | "too_many";

async function limitSignIn(parts: AuthParts, request: Request): Promise<Response | undefined> {
  const address = clientAddress(request.headers) ?? "unknown";
  try {
    const { waitSeconds } = await parts.deps.limits.take("signIn", address);
    return waitSeconds === 0 ? undefined : toSignInPage(parts, "too_many");
  } catch (error) {
    parts.deps.log.error({ err: error }, "sign-in attempts cannot be counted");
    return toSignInPage(parts, "database_down");
  }
}

function toSignInPage({ consoleUrl }: AuthParts, problem: SignInProblem, returnTo = "/"): Response {
  const url = new URL("/sign-in", consoleUrl);
  url.searchParams.set("problem", problem);
  if (returnTo !== "/") url.searchParams.set("returnTo", returnTo);
  return redirect(url.href, []);
}

function redirect(location: string, setCookies: readonly string[]): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const cookie of setCookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** next-auth leads every failure to its own error or sign-in page, which this console does not have. */
function isErrorPage(location: string): boolean {
  return /\/api\/auth\/(error|signin)/.test(new URL(location).pathname);
}

function cookiesSet(setCookies: readonly string[]): Record<string, string> {
  return readCookies(setCookies.map((cookie) => cookie.split(";")[0]).join(";"));
}
