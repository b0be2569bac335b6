/** Stands where something was taken out of a message. */
export const REDACTED = "…";

/** Values may hold any character, brackets and quotes included, so each rule runs to the words that follow the data. */
const ROW_DATA: readonly [pattern: RegExp, replacement: string][] = [
  [/(\bBatch entry \d+ )[\s\S]*?(?= was aborted\b|\n\s+at |$)/g, `$1${REDACTED}`],
  [
    /(\bvalues\s*)\([\s\S]*?\)(?=\s*(?:on conflict|on duplicate|was aborted|returning|\]|"|;|\n\s+at |$))/gi,
    `$1(${REDACTED})`,
  ],
  [
    /(\bFailing row contains )\([\s\S]*?(?=\.\s{2}Call getNextException|\n\s+at |\n\s*Where:|\]$|$)/g,
    `$1(${REDACTED})`,
  ],
  [
    /(\bKey \([^)]*\)=)\([\s\S]*?\)(?=\s+(?:already exists|is not present|is still referenced|conflicts|is duplicated)|\n|$)/g,
    `$1(${REDACTED})`,
  ],
  [/(\binvalid input (?:syntax|value) for [\w ]+?: ?)"[\s\S]*?"(?=\s*(?:\n|$|[\]).,]))/g, `$1"${REDACTED}"`],
  [/(\bvalue )"[^"\n]*"( is out of range)/g, `$1"${REDACTED}"$2`],
  [/\bStruct\{[\s\S]*?\}+(?=[\s,)\]]|$)/g, `Struct{${REDACTED}}`],
];

/** Who and what a worker logged in as may come from Vault. */
const IDENTITY: readonly [pattern: RegExp, replacement: string][] = [
  [/(\b(?:user|role|login|username) )["'][^"'\n]*["']/gi, `$1"${REDACTED}"`],
  [/(\/\/)[^/\s:@]+:[^/\s@]+@/g, `$1${REDACTED}@`],
  [
    /(\b(?:password|passwd|pwd|secret|token)\s*[=:]\s*)(?!\[redacted\])("[^"\n]*"|'[^'\n]*'|[^\s,;&"')}\]]+)/gi,
    `$1${REDACTED}`,
  ],
  [/-----BEGIN [A-Z ]+-----[\s\S]*?(-----END [A-Z ]+-----|$)/g, REDACTED],
];

/** Takes rows of the tables out of a message or trace; the shape of the error stays readable. */
export function redactRowData(text: string): string {
  return apply(text, ROW_DATA);
}

/** For every text an upstream wrote: no row of a table, no name or secret a reference resolved to. */
export function redactUpstream(text: string): string {
  return apply(apply(text, IDENTITY), ROW_DATA);
}

function apply(text: string, rules: readonly [RegExp, string][]): string {
  return rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
