/** Where to go after signing in: a path of this console, or the start page when somebody slipped in anything else. */
export function safeReturnPath(wanted: string | null | undefined): string {
  if (!wanted?.startsWith("/") || wanted.length > 2_000) return "/";
  const base = "http://console.invalid";
  const url = URL.canParse(wanted, base) ? new URL(wanted, base) : undefined;
  if (!url || url.origin !== base) return "/";
  // The parser resolves dots and drops tabs and newlines, so a path may turn out to begin with two slashes only now.
  const path = `${url.pathname}${url.search}${url.hash}`;
  if (path.startsWith("//") || /^\/(api|sign-in|no-role)(\/|$)/.test(url.pathname)) return "/";
  return path;
}
