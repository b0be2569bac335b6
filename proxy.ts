import { type NextRequest, NextResponse } from "next/server";
import { foreignOriginProblem } from "#domain/access/request-origin.ts";
import { formTargets } from "#server/api/auth/form-targets.ts";
import { proxyParts } from "#server/api/auth/proxy-parts.ts";
import { contentSecurityPolicy, DATA_POLICY, securityHeaders } from "#server/api/security-headers.ts";

/** Pages for people who are not signed in, or not yet allowed anything. */
const PUBLIC_PAGES = new Set(["/sign-in", "/no-role"]);
/** Called by the identity provider itself: no browser, no origin; its token is signed. */
const BACKCHANNEL = "/api/auth/backchannel-logout";
/** Called by Prometheus with a token of its own. */
const METRICS = "/metrics";

/** In front of every page and every call: headers, the origin of changes, and the way to the sign-in page. */
export async function proxy(request: NextRequest): Promise<NextResponse> {
  const { consoleUrl, sessionCookie, isHttps, isDevelopment, provider } = proxyParts();
  const { pathname, search } = request.nextUrl;

  if (pathname === METRICS) return withHeaders(NextResponse.next(), isHttps, DATA_POLICY);
  if (pathname.startsWith("/api/")) {
    const problem = pathname === BACKCHANNEL ? undefined : foreignOriginProblem(factsOf(request), consoleUrl);
    const response = problem
      ? NextResponse.json({ error: "foreign_origin", message: problem }, { status: 403 })
      : NextResponse.next();
    return withHeaders(response, isHttps, DATA_POLICY);
  }

  const isPublic = PUBLIC_PAGES.has(pathname);
  if (!isPublic && !request.cookies.get(sessionCookie)?.value) {
    const signIn = new URL("/sign-in", consoleUrl);
    if (pathname !== "/") signIn.searchParams.set("returnTo", `${pathname}${search}`);
    return withHeaders(NextResponse.redirect(signIn), isHttps, DATA_POLICY);
  }

  const nonce = Buffer.from(crypto.randomUUID()).toString("base64");
  const targets = await formTargets(provider, isPublic);
  const policy = contentSecurityPolicy({ nonce, formTargets: targets, isDevelopment });
  const headers = new Headers(request.headers);
  // Next.js reads the nonce for its own scripts from this request header.
  headers.set("content-security-policy", policy);
  headers.set("x-nonce", nonce);
  headers.set("x-headgate-path", `${pathname}${search}`);
  return withHeaders(NextResponse.next({ request: { headers } }), isHttps, policy);
}

export const config = {
  matcher: ["/((?!_next/static|_next/image|icon.svg|favicon.ico).*)"],
};

function factsOf(request: NextRequest) {
  return {
    method: request.method,
    origin: request.headers.get("origin"),
    secFetchSite: request.headers.get("sec-fetch-site"),
  };
}

function withHeaders(response: NextResponse, isHttps: boolean, policy: string): NextResponse {
  response.headers.set("content-security-policy", policy);
  for (const [name, value] of Object.entries(securityHeaders(isHttps))) response.headers.set(name, value);
  return response;
}
