import type { OidcProvider } from "#server/oidc/provider.ts";

const ASK_EVERY_MS = 10_000;
let known: string[] | undefined;
let askedAt = 0;
let asking: Promise<void> = Promise.resolve();

/**
 * Origins the sign-in and sign-out forms lead to. The issuer's own until the provider has been asked, which the sign-in
 * page waits for: its form is the first one people meet.
 */
export async function formTargets(provider: OidcProvider | undefined, mayWait: boolean): Promise<string[]> {
  if (!provider) return [];
  if (Date.now() - askedAt > ASK_EVERY_MS) {
    askedAt = Date.now();
    asking = provider.discover().then(
      ({ authorization_endpoint, end_session_endpoint }) => {
        known = [authorization_endpoint, end_session_endpoint ?? authorization_endpoint].map(originOf);
      },
      () => undefined,
    );
  }
  if (mayWait && !known) await asking;
  return known ?? [originOf(provider.issuer)];
}

function originOf(url: string): string {
  return new URL(url).origin;
}
