import { readEnv } from "#server/env.ts";
import { createOidcProvider, type OidcProvider } from "#server/oidc/provider.ts";
import { cookieNames } from "./cookies.ts";

interface ProxyParts {
  consoleUrl: string;
  sessionCookie: string;
  isHttps: boolean;
  isDevelopment: boolean;
  provider: OidcProvider | undefined;
}

let parts: ProxyParts | undefined;

/** What the proxy needs of the environment: no database, no secret. It only reads the provider's public description. */
export function proxyParts(): ProxyParts {
  if (parts) return parts;
  const env = readEnv();
  const consoleUrl = new URL(env.HEADGATE_URL).origin;
  const { session, isSecure } = cookieNames(consoleUrl);
  const provider =
    env.OIDC_ISSUER && env.OIDC_CLIENT_ID
      ? createOidcProvider({
          issuer: env.OIDC_ISSUER,
          clientId: env.OIDC_CLIENT_ID,
          clientSecret: undefined,
          timeoutMs: 2_000,
        })
      : undefined;
  parts = {
    consoleUrl,
    sessionCookie: session,
    isHttps: isSecure,
    // biome-ignore lint/style/noProcessEnv: NODE_ENV is Next.js' own switch, not a setting of Headgate.
    isDevelopment: process.env.NODE_ENV === "development",
    provider,
  };
  return parts;
}
