import "server-only";
import { readEnv } from "#server/env.ts";
import { webDeps } from "../web-deps.ts";
import { type AuthParts, buildAuthParts } from "./auth-parts.ts";

/** Next loads route bundles separately; the process still knows one provider and keeps its description once. */
const process_: { headgateAuth?: AuthParts } = globalThis as { headgateAuth?: AuthParts };

export function webAuth(): AuthParts {
  process_.headgateAuth ??= buildAuthParts(readEnv(), webDeps());
  return process_.headgateAuth;
}

/** Keys that sign-in needs and that are not set. */
export function missingSignInKeys(): string[] {
  const env = readEnv();
  return (["OIDC_ISSUER", "OIDC_CLIENT_ID"] as const).filter((key) => !env[key]);
}
