import type { CanonicalForm, CanonicalRow, CanonicalValue } from "./canonical-form.ts";

/** The last word on two values: hashes only choose what is looked at. */
export function canonicalEqual(form: CanonicalForm, a: CanonicalValue, b: CanonicalValue): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  switch (form.kind) {
    case "json":
      return equalJson(a, b);
    case "float":
      return equalFloat(a, b, form.bits);
    case "decimal":
      return plainDecimal(a) === plainDecimal(b);
    case "time":
    case "timestamp":
      return withoutTrailingZeros(a) === withoutTrailingZeros(b);
    case "array":
      return NUMBERS.has(form.element.kind) && equalElements(form.element, a, b);
    default:
      return false;
  }
}

const NUMBERS: ReadonlySet<CanonicalForm["kind"]> = new Set(["decimal", "float"]);

/** Numbers in an array stand without quotes, so braces and commas are its structure. */
function equalElements(element: CanonicalForm, a: string, b: string): boolean {
  const [left, right] = [a.split(/([{},])/), b.split(/([{},])/)];
  return (
    left.length === right.length &&
    left.every((part, place) => canonicalEqual(element, part, right[place] ?? null))
  );
}

/** Places of the columns whose values differ. */
export function differingColumns(
  forms: readonly CanonicalForm[],
  source: CanonicalRow,
  target: CanonicalRow,
): number[] {
  return forms.flatMap((form, place) =>
    canonicalEqual(form, source[place] ?? null, target[place] ?? null) ? [] : [place],
  );
}

function equalFloat(a: string, b: string, bits: 32 | 64): boolean {
  const [left, right] =
    bits === 32 ? [Math.fround(Number(a)), Math.fround(Number(b))] : [Number(a), Number(b)];
  // Neither end says NaN for a number: what does not parse was compared as text already.
  if (Number.isNaN(left) || Number.isNaN(right)) return a.toLowerCase() === b.toLowerCase();
  return left === right;
}

function withoutTrailingZeros(time: string): string {
  return time.replace(/\.(\d*?)0*(?=$| BC$)/, (_whole, digits: string) =>
    digits === "" ? "" : `.${digits}`,
  );
}

/** Digits and exponent brought to one writing, with any number of digits. */
export function plainDecimal(text: string): string {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text.trim());
  if (!match || (match[2] === "" && (match[3] ?? "") === "")) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = (whole + fraction).replace(/^0+/, "");
  if (digits === "") return "0";
  const trimmed = digits.replace(/0+$/, "");
  const power = Number(exponent) - fraction.length + (digits.length - trimmed.length);
  return `${sign === "-" ? "-" : ""}${trimmed}e${power}`;
}

/** Objects without regard to the order of members (the last of a repeated name counts, as in jsonb), numbers by value whatever their length. */
function equalJson(a: string, b: string): boolean {
  try {
    return writeJson(JSON.parse(a, numbersAsText)) === writeJson(JSON.parse(b, numbersAsText));
  } catch {
    return false;
  }
}

class NumberText {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

function numbersAsText(_name: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === "number" ? new NumberText(plainDecimal(context?.source ?? String(value))) : value;
}

function writeJson(value: unknown): string {
  if (value instanceof NumberText) return value.digits;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${writeJson(member)}`).join(",")}}`;
}
