import { AppError } from "#domain/errors/app-error.ts";
import type { AuthParts } from "./auth-parts.ts";

/** What the sign-in page has to say before anybody presses the button. */
export type SignInState =
  | { state: "open"; providerName: string }
  | { state: "not_configured"; missing: string[] }
  | { state: "provider_down"; providerName: string; message: string };

export async function readSignInState({ provider, env }: AuthParts, missing: string[]): Promise<SignInState> {
  if (!provider) return { state: "not_configured", missing };
  const providerName = env.OIDC_NAME;
  try {
    await provider.discover();
    return { state: "open", providerName };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: "provider_down", providerName, message: error.message };
  }
}
