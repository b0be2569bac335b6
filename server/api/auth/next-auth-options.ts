import type { AuthOptions, Profile } from "next-auth";
import type { Adapter } from "next-auth/adapters";
import type { OAuthConfig } from "next-auth/providers/oauth";
import { z } from "zod";
import { safeReturnPath } from "#domain/access/return-path.ts";
import { groupsInClaims } from "#domain/access/role-mapping.ts";
import { newSessionToken } from "#server/access/session-token.ts";
import type { OidcProvider } from "#server/oidc/provider.ts";
import type { ProviderMetadata } from "#server/oidc/replies.ts";
import type { AuthParts } from "./auth-parts.ts";

/** What the provider vouched for in this sign-in. */
export interface Vouched {
  claims: Record<string, unknown>;
  groups: string[];
  idToken: string | undefined;
  refreshToken: string | undefined;
}

interface FlowHooks {
  /** Opens the session and returns what the cookie gets. */
  openSession(vouched: Vouched): Promise<{ token: string; expiresAt: Date }>;
  /** Hears why a step failed; next-auth itself only says that it did. */
  onError(code: string, reason: string): void;
}

export const PROVIDER_ID = "oidc";
const WANTED_SCOPES = ["openid", "profile", "email", "groups", "offline_access"];
const USUAL_SCOPES = ["openid", "profile", "email"];

export function nextAuthOptions(
  { settings, cookies, consoleUrl, env }: AuthParts,
  provider: OidcProvider,
  metadata: ProviderMetadata,
  hooks: FlowHooks,
): AuthOptions {
  const shared = { httpOnly: true, sameSite: "lax" as const, path: "/", secure: cookies.isSecure };
  const fleeting = { ...shared, maxAge: 15 * 60 };
  let vouched: Vouched | undefined;

  const oidc: OAuthConfig<Profile> = {
    id: PROVIDER_ID,
    name: env.OIDC_NAME,
    type: "oauth",
    wellKnown: provider.wellKnown,
    idToken: true,
    checks: ["pkce", "state", "nonce"],
    clientId: provider.clientId,
    ...(provider.clientSecret === undefined ? {} : { clientSecret: provider.clientSecret }),
    client: {
      token_endpoint_auth_method: provider.authenticationMethod(metadata),
      id_token_signed_response_alg: signingAlgorithm(metadata),
    },
    authorization: { params: { scope: scopesFor(metadata, env.OIDC_SCOPES) } },
    userinfo: {
      async request({ tokens }) {
        const claims: Record<string, unknown> = tokens.id_token ? decodedClaims(tokens.id_token) : {};
        const fromToken = groupsInClaims(claims, settings.groupsClaim);
        const info =
          fromToken === undefined && tokens.access_token ? await provider.userinfo(tokens.access_token) : {};
        if (info === "refused") throw new Error("userinfo refused the access token it was just given");
        if (info.sub !== undefined && info.sub !== claims.sub)
          throw new Error("userinfo is about somebody else");
        vouched = {
          claims: { ...info, ...claims },
          groups: fromToken ?? groupsInClaims(info, settings.groupsClaim) ?? [],
          idToken: tokens.id_token,
          refreshToken: tokens.refresh_token,
        };
        return vouched.claims as Profile;
      },
    },
    profile: (claims) => ({ id: z.string().parse(claims.sub) }),
    httpOptions: { timeout: provider.timeoutMs },
  };

  return {
    secret: settings.secret,
    providers: [oidc],
    adapter: sessionAdapter(async () => {
      if (!vouched) throw new Error("a session was asked for before the provider vouched for anybody");
      return hooks.openSession(vouched);
    }),
    session: { strategy: "database", maxAge: settings.maxMs / 1000, generateSessionToken: newSessionToken },
    useSecureCookies: cookies.isSecure,
    cookies: {
      sessionToken: { name: cookies.session, options: shared },
      callbackUrl: { name: cookies.returnTo, options: fleeting },
      csrfToken: { name: cookies.csrf, options: fleeting },
      pkceCodeVerifier: { name: cookies.pkce, options: fleeting },
      state: { name: cookies.state, options: fleeting },
      nonce: { name: cookies.nonce, options: fleeting },
    },
    callbacks: {
      redirect: ({ url }) => {
        const path = url.startsWith(`${consoleUrl}/`) ? url.slice(consoleUrl.length) : url;
        return `${consoleUrl}${safeReturnPath(path)}`;
      },
    },
    logger: {
      error: (code, metadata_) => hooks.onError(code, reasonIn(metadata_)),
      warn: () => undefined,
      debug: () => undefined,
    },
  };
}

/**
 * The few members next-auth's OpenID Connect way calls. Who somebody is and what a session holds is decided by
 * `openSession` alone: next-auth never links accounts by e-mail address and never takes over an existing session.
 */
function sessionAdapter(open: () => Promise<{ token: string; expiresAt: Date }>): Adapter {
  const nobody = { id: "vouched", email: "", emailVerified: null };
  return {
    getUserByAccount: () => nobody,
    getSessionAndUser: () => null,
    async createSession() {
      const { token, expiresAt } = await open();
      return { sessionToken: token, userId: nobody.id, expires: expiresAt };
    },
  };
}

/** Unknown scopes make some providers refuse, so only those it names are asked for. */
export function scopesFor(
  metadata: Pick<ProviderMetadata, "scopes_supported">,
  configured: string | undefined,
): string {
  if (configured) return configured;
  const known = metadata.scopes_supported ?? USUAL_SCOPES;
  return WANTED_SCOPES.filter((scope) => scope === "openid" || known.includes(scope)).join(" ");
}

function signingAlgorithm({ id_token_signing_alg_values_supported: offered }: ProviderMetadata): string {
  if (!offered || offered.includes("RS256")) return "RS256";
  return offered.find((algorithm) => /^(PS|ES|RS|Ed)/.test(algorithm)) ?? "RS256";
}

/** Only for tokens that openid-client has verified a moment before. */
function decodedClaims(idToken: string): Record<string, unknown> {
  const [, payload = ""] = idToken.split(".");
  const parsed: unknown = JSON.parse(Buffer.from(payload, "base64url").toString("utf8"));
  return z.record(z.string(), z.unknown()).parse(parsed);
}

function reasonIn(metadata: unknown): string {
  if (metadata instanceof Error) return metadata.message;
  if (typeof metadata === "object" && metadata !== null && "error" in metadata)
    return reasonIn(metadata.error);
  return "no reason given";
}
