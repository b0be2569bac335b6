import { readFileSync } from "node:fs";
import type { AccessSettings } from "#server/access/access-settings.ts";
import type { Deps } from "#server/deps.ts";
import type { Env } from "#server/env.ts";
import { createOidcProvider, type OidcProvider } from "#server/oidc/provider.ts";
import { type CookieNames, cookieNames } from "./cookies.ts";
import { readSessionSecret } from "./session-secret.ts";

/** Everything sign-in works with. */
export interface AuthParts {
  deps: Deps;
  settings: AccessSettings;
  /** Undefined while OIDC_ISSUER or OIDC_CLIENT_ID is unset: sign-in is closed. */
  provider: OidcProvider | undefined;
  consoleUrl: string;
  cookies: CookieNames;
  env: Pick<Env, "OIDC_NAME" | "OIDC_SCOPES" | "HEADGATE_ACCESS_CONTACT">;
}

/** How long the provider may take; people wait for it. */
const PROVIDER_TIMEOUT_MS = 4_000;

export function buildAuthParts(env: Env, deps: Deps): AuthParts {
  const consoleUrl = new URL(env.HEADGATE_URL).origin;
  const secretFile = env.OIDC_CLIENT_SECRET_FILE;
  const provider =
    env.OIDC_ISSUER && env.OIDC_CLIENT_ID
      ? createOidcProvider({
          issuer: env.OIDC_ISSUER,
          clientId: env.OIDC_CLIENT_ID,
          clientSecret: secretFile ? readFileSync(secretFile, "utf8").trim() : undefined,
          timeoutMs: PROVIDER_TIMEOUT_MS,
        })
      : undefined;
  return {
    deps,
    provider,
    consoleUrl,
    cookies: cookieNames(consoleUrl),
    env,
    settings: {
      secret: readSessionSecret(env),
      idleMs: env.SESSION_IDLE_MINUTES * 60_000,
      maxMs: env.SESSION_MAX_HOURS * 3_600_000,
      rolesEveryMs: env.SESSION_ROLES_MINUTES * 60_000,
      groupsClaim: env.OIDC_GROUPS_CLAIM,
      mapping: env.OIDC_ROLE_MAPPING,
    },
  };
}
