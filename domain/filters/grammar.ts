/** What a list can be filtered by, declared once per list and read by the filter bar and by the verb behind it. */
export interface FilterField {
  /** The word before the colon. */
  key: string;
  /** What it means, beside the suggestion. */
  label: string;
  /**
   * `choice` takes one of `values`; `text` takes anything; `number` and `age` (30s, 5m, 2h, 1d)
   * take a comparison in front: `lag:>1000`, `age:<1h`.
   */
  kind: "choice" | "text" | "number" | "age";
  values?: readonly string[];
}

export interface FilterGrammar {
  fields: readonly FilterField[];
  /** What words without a colon are looked for in ("name, table"); undefined where no free text is understood. */
  freeText?: string;
}

export type FilterComparison = "=" | ">" | ">=" | "<" | "<=";

export interface FilterToken {
  key: string;
  negated: boolean;
  comparison: FilterComparison;
  /** As written, without quotes. */
  value: string;
  /** For `number` the number, for `age` milliseconds. */
  amount?: number;
}

/** A part that was left out, and why. Shown to the person; never silently ignored. */
export interface DroppedPart {
  text: string;
  reason: string;
}

export interface ParsedFilter {
  tokens: FilterToken[];
  /** The free words, joined by one space. */
  text: string;
  dropped: DroppedPart[];
}

interface Part {
  raw: string;
  start: number;
  end: number;
}

/** Splits at spaces outside of double quotes. */
export function splitFilter(input: string): Part[] {
  const parts: Part[] = [];
  let start = -1;
  let quoted = false;
  for (let at = 0; at <= input.length; at += 1) {
    const char = input[at];
    if (char === '"') quoted = !quoted;
    const isBreak = char === undefined || (!quoted && /\s/.test(char));
    if (isBreak && start >= 0) {
      parts.push({ raw: input.slice(start, at), start, end: at });
      start = -1;
    } else if (!isBreak && start < 0) start = at;
  }
  return parts;
}

export function parseFilter(input: string, grammar: FilterGrammar): ParsedFilter {
  const result: ParsedFilter = { tokens: [], text: "", dropped: [] };
  const words: string[] = [];
  for (const { raw } of splitFilter(input)) {
    const match = /^(-?)([A-Za-z][A-Za-z0-9_-]*):(.*)$/s.exec(raw);
    if (!match) {
      if (grammar.freeText) words.push(unquote(raw));
      else result.dropped.push({ text: raw, reason: `This list takes only ${keysOf(grammar)}` });
      continue;
    }
    const token = readToken(match[2] ?? "", match[1] === "-", match[3] ?? "", grammar);
    if ("reason" in token) result.dropped.push({ text: raw, reason: token.reason });
    else result.tokens.push(token);
  }
  result.text = words.join(" ");
  return result;
}

function readToken(
  key: string,
  negated: boolean,
  rest: string,
  grammar: FilterGrammar,
): FilterToken | { reason: string } {
  const field = grammar.fields.find((candidate) => candidate.key === key.toLowerCase());
  if (!field) return { reason: `There is no filter ${key}; known are ${keysOf(grammar)}` };
  const compares = field.kind === "number" || field.kind === "age";
  const match = compares ? /^(>=|<=|>|<|=)?(.*)$/s.exec(rest) : null;
  const comparison = (match?.[1] as FilterComparison | undefined) ?? "=";
  const value = unquote(match ? (match[2] ?? "") : rest);
  if (value === "") return { reason: `${field.key}: needs a value` };
  const base = { key: field.key, negated, comparison, value };
  if (field.kind === "text") return base;
  if (field.kind === "choice") {
    const known = field.values?.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
    if (known !== undefined) return { ...base, value: known };
    return { reason: `${field.key} is one of ${field.values?.join(", ")}` };
  }
  const amount = field.kind === "number" ? readNumber(value) : readAge(value);
  if (amount !== undefined) return { ...base, amount };
  return {
    reason:
      field.kind === "number"
        ? `${field.key} takes a number`
        : `${field.key} takes an age such as 30s, 5m, 2h or 1d`,
  };
}

function readNumber(value: string): number | undefined {
  const number = /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;
  return number !== undefined && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}

/** A thousand years: what is older leaves the range of dates. */
const OLDEST_MS = 365_250 * 86_400_000;
const AGE_UNIT: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readAge(value: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(value);
  const unit = AGE_UNIT[match?.[2] ?? ""];
  const age = match && unit !== undefined ? Number(match[1]) * unit : undefined;
  return age !== undefined && age <= OLDEST_MS ? age : undefined;
}

function keysOf(grammar: FilterGrammar): string {
  return grammar.fields.map((field) => field.key).join(", ");
}

function unquote(value: string): string {
  return value.replaceAll('"', "");
}

function quote(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}

/** The text that parses to this token again. */
export function formatToken({ key, negated, comparison, value }: FilterToken): string {
  return `${negated ? "-" : ""}${key}:${comparison === "=" ? "" : comparison}${quote(value)}`;
}

export function formatFilter({ tokens, text }: Pick<ParsedFilter, "tokens" | "text">): string {
  return [...tokens.map(formatToken), ...(text ? [text] : [])].join(" ");
}

/** Does a value satisfy every comparison of one field? For filters a verb applies in memory. */
export function satisfies(token: FilterToken, amount: number): boolean {
  const holds = compare(token.comparison, amount, token.amount ?? 0);
  return token.negated ? !holds : holds;
}

function compare(comparison: FilterComparison, left: number, right: number): boolean {
  switch (comparison) {
    case "=":
      return left === right;
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
  }
}
