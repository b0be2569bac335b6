/** Stands where something was taken out of a message. */
export const HIDDEN = "[hidden]";

/** Quotes open after a non-word character and close before one, so that the apostrophe of "can't" opens nothing. */
const QUOTED: readonly RegExp[] = [
  /(?<!\w)"(.*?)"(?!\w)/g,
  /(?<!\w)'(.*?)'(?!\w)/g,
  /`([^`\n]*)`/g,
  /[“«]([^”»\n]*)[”»]/g,
];

const SECRET_FORMS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z0-9 ]+-----[\s\S]*?(?:-----END [A-Z0-9 ]+-----|$)/g, HIDDEN],
  [/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]+@/gi, `$1${HIDDEN}@`],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g, HIDDEN],
  [/\b(?:hv[sbr]\.[A-Za-z0-9_-]{8,}|[sbr]\.[A-Za-z0-9_-]{20,})/g, HIDDEN],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/-]{8,}=*/gi, `$1 ${HIDDEN}`],
  [
    /\b([\w.-]*(?:password|passwd|passphrase|secret|token)|pwd|api_?key|access_?key|user)(\s*[=:]\s*)(?!\[hidden\])("[^"\n]*"|'[^'\n]*'|[^\s,;&"')}\]]+)/gi,
    `$1$2${HIDDEN}`,
  ],
  // Kafka's ConfigException and Headgate's own plugin quote nothing around the value.
  [/(Invalid value )(?!null\b)[\s\S]*?( for configuration )/g, `$1${HIDDEN}$2`],
  [/(Failing row contains )\([\s\S]*?\)(?=[.\s]|$)/g, `$1(${HIDDEN})`],
  [/(\bKey \([^)]*\)=)\([\s\S]*?\)(?=[\s.]|$)/g, `$1(${HIDDEN})`],
];

/**
 * Takes out of an upstream's message what may be a secret: the values named as secret, addresses' user info,
 * `password=…`, tokens, and everything in quotes, for upstreams quote what they were given. Quoted text listed in
 * `keep` stays: names the caller chose itself and knows to be harmless.
 */
export function redactMessage(
  text: string,
  secrets: readonly string[] = [],
  keep: readonly string[] = [],
): string {
  let safe = text;
  for (const secret of longestFirst(secrets)) safe = safe.replaceAll(secret, HIDDEN);
  for (const [form, replacement] of SECRET_FORMS) safe = safe.replace(form, replacement);
  const kept = new Set(keep);
  for (const form of QUOTED)
    safe = safe.replace(form, (quoted, inner: string) => redactQuoted(quoted, inner, kept));
  // A message that was cut may have lost its closing quote.
  return safe.replace(/(?<![\w\]])["'`](?!\[hidden\])[^"'`\n]*$/gm, (rest) => `${rest.charAt(0)}${HIDDEN}`);
}

function redactQuoted(quoted: string, inner: string, kept: ReadonlySet<string>): string {
  if (inner.trim() === "" || inner === HIDDEN || kept.has(inner)) return quoted;
  return `${quoted.charAt(0)}${HIDDEN}${quoted.charAt(quoted.length - 1)}`;
}

/** One secret may hold another; replacing the shorter first would leave the rest of the longer in the open. */
function longestFirst(secrets: readonly string[]): string[] {
  return secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
}
