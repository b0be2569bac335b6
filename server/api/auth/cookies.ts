/** Names of the cookies: with a prefix that browsers enforce wherever the console is served over https. */
export function cookieNames(consoleUrl: string) {
  const isSecure = new URL(consoleUrl).protocol === "https:";
  const named = (name: string) => `${isSecure ? "__Host-" : ""}headgate.${name}`;
  return {
    isSecure,
    session: named("session"),
    csrf: named("csrf"),
    returnTo: named("return-to"),
    pkce: named("pkce"),
    state: named("state"),
    nonce: named("nonce"),
  };
}
export type CookieNames = ReturnType<typeof cookieNames>;

export function readCookies(header: string | null): Record<string, string> {
  const cookies: Record<string, string> = {};
  for (const part of header?.split(";") ?? []) {
    const pair = part.trim();
    const cut = pair.indexOf("=");
    if (cut < 1) continue;
    cookies[pair.slice(0, cut).trimEnd()] ??= decoded(pair.slice(cut + 1).trimStart());
  }
  return cookies;
}

export function clearedCookie(name: string, isSecure: boolean): string {
  return `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
