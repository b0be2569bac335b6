/**
 * Address of the browser: the last entry of X-Forwarded-For, which the nearest proxy wrote (Next.js itself when there is
 * none). Entries before it come from the client and prove nothing.
 */
export function clientAddress(headers: Headers): string | undefined {
  const last = headers.get("x-forwarded-for")?.split(",").at(-1)?.trim();
  return last ? last.replace(/^::ffff:/, "").slice(0, 100) : undefined;
}
