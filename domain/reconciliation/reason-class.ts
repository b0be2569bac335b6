import type { ReasonClass } from "./schema.ts";

/** A value as it was read from an end for comparing: text in the target's form, or null. */
export type ComparedValue = string | null;

const PLACEHOLDERS = new Set(["__debezium_unavailable_value", "X19kZWJleml1bV91bmF2YWlsYWJsZV92YWx1ZQ=="]);
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/;
/** Offsets of time zones are whole quarters of an hour, at most 14 hours. */
const QUARTER_MS = 15 * 60_000;
const MOST_OFFSET_MS = 14 * 3_600_000;

/** In what way two differing values are equal after all. The most telling class comes first. */
export function reasonClass(source: ComparedValue, target: ComparedValue): ReasonClass {
  if (target !== null && PLACEHOLDERS.has(target)) return "unchanged_placeholder";
  if (source === null || target === null) {
    return (source ?? target ?? "").trim() === "" ? "empty_or_null" : "different";
  }
  const time = timeClass(source, target);
  if (time) return time;
  if (NUMBER.test(source) && NUMBER.test(target)) return isRounded(source, target) ? "rounding" : "different";
  if (source.trim() === target.trim()) return "trim";
  if (source.toLowerCase() === target.toLowerCase()) return "case";
  if (source.normalize("NFC") === target.normalize("NFC")) return "unicode_form";
  if (isSameJson(source, target)) return "json_meaning";
  if (isCut(source, target)) return "truncated";
  return "different";
}

/** One class for a row: that of its columns when they agree. */
export function rowReason(classes: readonly ReasonClass[]): ReasonClass {
  const [first = "different", ...others] = classes;
  return others.every((other) => other === first) ? first : "different";
}

/** Classes that are a matter of how a value is written, not of what it says. */
export const REPRESENTATION_ONLY: readonly ReasonClass[] = [
  "trim",
  "unicode_form",
  "rounding",
  "time_offset",
  "time_precision",
  "empty_or_null",
  "json_meaning",
];

function timeClass(source: string, target: string): ReasonClass | undefined {
  const [a, b] = [moment(source), moment(target)];
  if (!a || !b) return undefined;
  if (a.ms === b.ms) {
    const digits = Math.min(a.fraction.length, b.fraction.length);
    return a.fraction.slice(0, digits) === b.fraction.slice(0, digits) ? "time_precision" : "different";
  }
  const apart = Math.abs(a.ms - b.ms);
  const sameFraction = a.fraction === b.fraction;
  return sameFraction && apart % QUARTER_MS === 0 && apart <= MOST_OFFSET_MS ? "time_offset" : "different";
}

function moment(text: string): { ms: number; fraction: string } | undefined {
  const match = MOMENT.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "", zone = "Z"] = match;
  const base = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  const sign = zone.startsWith("-") ? -1 : 1;
  const digits = zone === "Z" ? "0000" : zone.slice(1).replace(":", "").padEnd(4, "0");
  const offset = sign * (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2))) * 60_000;
  return { ms: base - offset, fraction };
}

/**
 * One end holds the other's number with fewer decimals. Counted in digits, not in floating point: a cent more in a large
 * amount is no rounding.
 */
function isRounded(source: string, target: string): boolean {
  const [a, b] = [digitsOf(source), digitsOf(target)];
  if (!a || !b) return false;
  const scale = Math.max(a.decimals, b.decimals);
  const apart = a.digits * 10n ** BigInt(scale - a.decimals) - b.digits * 10n ** BigInt(scale - b.decimals);
  if (apart === 0n) return true;
  if (a.decimals === b.decimals) return false;
  const step = 10n ** BigInt(scale - Math.min(a.decimals, b.decimals));
  return (apart < 0n ? -apart : apart) < step;
}

const MOST_DIGITS = 400;

/** A number as whole digits and the place of its point; zeros at the end are decimals that were kept. */
function digitsOf(text: string): { digits: bigint; decimals: number } | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d+))?$/i.exec(text);
  if (!match) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const decimals = fraction.length - Number(exponent);
  if (Math.abs(decimals) > MOST_DIGITS) return undefined;
  const digits = BigInt(`${whole}${fraction}` || "0") * (sign === "-" ? -1n : 1n);
  return decimals >= 0 ? { digits, decimals } : { digits: digits * 10n ** BigInt(-decimals), decimals: 0 };
}

function isSameJson(source: string, target: string): boolean {
  if (!/^\s*[[{"]/.test(source) || !/^\s*[[{"]/.test(target)) return false;
  try {
    return canonical(JSON.parse(source)) === canonical(JSON.parse(target));
  } catch {
    return false;
  }
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

function isCut(source: string, target: string): boolean {
  return target.length > 0 && target.length < source.length && source.startsWith(target);
}
