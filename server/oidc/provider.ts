import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from "jose";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import { ProviderMetadata, TokenRefusal, TokenReply } from "./replies.ts";

export interface OidcSettings {
  issuer: string;
  clientId: string;
  /** Undefined for a public client. */
  clientSecret: string | undefined;
  timeoutMs: number;
}

export type OidcProvider = ReturnType<typeof createOidcProvider>;

/** What a refresh brought: new tokens with the claims they carry, or the provider's no. */
export type RefreshResult =
  | {
      state: "granted";
      /** Of the new ID token; empty when the provider sends none at a refresh. */
      claims: Record<string, unknown>;
      accessToken: string;
      idToken: string | undefined;
      refreshToken: string;
    }
  | { state: "refused"; reason: string };

const UPSTREAM = "identity provider";
const METADATA_AGE_MS = 10 * 60_000;

/** Speaks to one OpenID Connect provider; knows its replies and no rule of ours. */
export function createOidcProvider(settings: OidcSettings) {
  const wellKnown = `${settings.issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;
  let known: { metadata: ProviderMetadata; readAt: number; keys: JWTVerifyGetKey } | undefined;

  /** The provider's own description; asked again when it is older than ten minutes. */
  async function discover(): Promise<ProviderMetadata> {
    if (known && Date.now() - known.readAt < METADATA_AGE_MS) return known.metadata;
    const res = await send(wellKnown);
    if (!res.ok) throw unavailable(wellKnown, `answered ${res.status}`);
    const parsed = ProviderMetadata.safeParse(res.body);
    if (!parsed.success) throw contractBroken(wellKnown, parsed.error);
    if (parsed.data.issuer !== settings.issuer)
      throw new AppError(
        "upstream_contract_broken",
        `OIDC_ISSUER is ${settings.issuer}, but the provider there calls itself ${parsed.data.issuer}`,
        { upstream: UPSTREAM },
      );
    const keys =
      known?.metadata.jwks_uri === parsed.data.jwks_uri
        ? known.keys
        : createRemoteJWKSet(new URL(parsed.data.jwks_uri), { timeoutDuration: settings.timeoutMs });
    known = { metadata: parsed.data, readAt: Date.now(), keys };
    return known.metadata;
  }

  /** Checks signature, issuer and audience with the provider's current keys. `invalid` if anything is wrong with the token. */
  async function verifyToken(token: string): Promise<JWTPayload> {
    const { jwks_uri: jwksUri } = await discover();
    if (!known) throw unavailable(jwksUri, "has not been read");
    try {
      const { payload } = await jwtVerify(token, known.keys, {
        issuer: settings.issuer,
        audience: settings.clientId,
        clockTolerance: 30,
      });
      return payload;
    } catch (cause) {
      if (isUnreachable(cause)) throw unavailable(jwksUri, "did not answer", cause);
      throw new AppError("invalid", "The token is not one of this provider for this client", { cause });
    }
  }

  /** Asks for new tokens; `refused` when the account, its session or its consent is gone. */
  async function refresh(refreshToken: string): Promise<RefreshResult> {
    const { token_endpoint: url } = await discover();
    const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken });
    const res = await send(url, { method: "POST", body, headers: await clientAuthentication(body) });
    const refusal = TokenRefusal.safeParse(res.body);
    if (!res.ok && refusal.success && refusal.data.error === "invalid_grant")
      return { state: "refused", reason: refusal.data.error };
    // Anything else is about this client or the provider, not about the person: nobody is signed out for it.
    if (!res.ok)
      throw unavailable(url, `answered ${res.status}${refusal.success ? ` ${refusal.data.error}` : ""}`);
    const tokens = TokenReply.safeParse(res.body);
    if (!tokens.success) throw contractBroken(url, tokens.error);
    const { id_token: idToken, access_token: accessToken, refresh_token: next } = tokens.data;
    const claims = idToken ? await verifyToken(idToken) : {};
    return { state: "granted", claims, accessToken, idToken, refreshToken: next ?? refreshToken };
  }

  /** `refused` when the provider no longer accepts the access token. */
  async function userinfo(accessToken: string): Promise<Record<string, unknown> | "refused"> {
    const { userinfo_endpoint: url } = await discover();
    if (!url) return {};
    const res = await send(url, { headers: { authorization: `Bearer ${accessToken}` } });
    if (res.status === 401 || res.status === 403) return "refused";
    if (!res.ok) throw unavailable(url, `answered ${res.status}`);
    const claims = z.record(z.string(), z.unknown()).safeParse(res.body);
    if (!claims.success) throw contractBroken(url, claims.error);
    return claims.data;
  }

  /** Adds what the token endpoint wants from this client to headers or body. */
  async function clientAuthentication(body: URLSearchParams): Promise<Record<string, string>> {
    const method = authenticationMethod(await discover());
    if (method !== "client_secret_basic" || settings.clientSecret === undefined) {
      body.set("client_id", settings.clientId);
      if (settings.clientSecret !== undefined) body.set("client_secret", settings.clientSecret);
      return {};
    }
    const pair = [settings.clientId, settings.clientSecret].map(formEncoded).join(":");
    return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
  }

  function authenticationMethod(
    metadata: ProviderMetadata,
  ): "none" | "client_secret_basic" | "client_secret_post" {
    if (settings.clientSecret === undefined) return "none";
    const offered = metadata.token_endpoint_auth_methods_supported ?? ["client_secret_basic"];
    return offered.includes("client_secret_basic") ? "client_secret_basic" : "client_secret_post";
  }

  async function send(
    url: string,
    init: RequestInit = {},
  ): Promise<{ ok: boolean; status: number; body: unknown }> {
    const signal = AbortSignal.timeout(settings.timeoutMs);
    const headers = { accept: "application/json", ...init.headers };
    const res = await fetch(url, { ...init, headers, signal, redirect: "error", cache: "no-store" }).catch(
      (cause: unknown) => {
        throw unavailable(url, "did not answer", cause);
      },
    );
    const text = await res.text().catch((cause: unknown) => {
      throw unavailable(url, "stopped answering", cause);
    });
    return { ok: res.ok, status: res.status, body: parseJson(text) };
  }

  return {
    issuer: settings.issuer,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    timeoutMs: settings.timeoutMs,
    wellKnown,
    discover,
    verifyToken,
    refresh,
    userinfo,
    authenticationMethod,
  };
}

function unavailable(url: string, what: string, cause?: unknown): AppError {
  return new AppError("upstream_unavailable", `The identity provider at ${url} ${what}`, {
    retryable: true,
    upstream: UPSTREAM,
    cause,
  });
}

function contractBroken(url: string, cause: unknown): AppError {
  return new AppError("upstream_contract_broken", `${url} answered something that is not OpenID Connect`, {
    upstream: UPSTREAM,
    cause,
  });
}

function isUnreachable(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ERR_JWKS_TIMEOUT" || code === "ERR_JOSE_GENERIC") return true;
  return error instanceof TypeError && error.message === "fetch failed";
}

/** RFC 6749 wants id and secret form-encoded before they become a Basic header. */
function formEncoded(text: string): string {
  return new URLSearchParams({ x: text }).toString().slice(2);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
