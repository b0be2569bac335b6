import { redactUpstream } from "../connectors/redact.ts";

const LIMIT = 1_500;

/** What was a literal in a message. */
export const LITERAL = "…";

/** Words after which a quoted name is part of the error's shape (a constraint, a column), not somebody's data. */
const NAMED =
  "constraint|column|columns|relation|table|schema|type|function|operator|index|key|database|class|field|trigger|sequence|topic|connector|transform|converter|plugin|view|domain|extension";

const QUOTED = new RegExp(`(\\b(?:${NAMED})[ =:]{1,3})?(?:"[^"]*"|(?<!\\w)'[^'\\n]*'(?!\\w))`, "gi");

const BEFORE: readonly [pattern: RegExp, replacement: string][] = [
  // Kafka Connect's own transforms and converters (4.3) quote values of rows in parentheses or not at all.
  [/(\bvalue) \([\s\S]*\)(?= (?:was|does|is|cannot)\b)/gi, `$1 (${LITERAL})`],
  [
    /(\b(?:unable to|cannot|could not) (?:convert|cast|parse)) [\s\S]*(?= \(class [\w.$[;]+\))/gi,
    `$1 ${LITERAL}`,
  ],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, LITERAL],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, LITERAL],
];
const AFTER: readonly [pattern: RegExp, replacement: string][] = [
  [/\b0x[0-9a-f]+\b/gi, "#"],
  [/\b[0-9a-f]{16,}\b/gi, "#"],
  [/[\w.-]+-\d+@\d+/g, "#"],
  [/(?<![\w$])[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w$])/g, "#"],
  [/\s+/g, " "],
];

/** The shape of a message: row data, quoted literals, numbers, identifiers and moments out; names of columns and constraints stay. */
export function normaliseMessage(message: string): string {
  const cut = message.length > LIMIT ? message.slice(0, LIMIT) : message;
  const redacted = redactUpstream(cut);
  const quotesOut = apply(redacted, BEFORE).replace(QUOTED, (whole, named: string | undefined) =>
    named ? whole : `${whole[0]}${LITERAL}${whole[0]}`,
  );
  return apply(quotesOut, AFTER).trim();
}

function apply(text: string, rules: readonly [RegExp, string][]): string {
  return rules.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
