/**
 * How one column's values are written before they are compared, on both ends alike, after the conversion the sink applies.
 * Every adapter turns each form into an expression of its own SQL. A push-down hash may call equal values different (they
 * are looked at again); it must never call different values equal.
 */
export type CanonicalForm =
  /** Decimal digits, `-` for negatives: `-42`. */
  | { kind: "integer" }
  /** `0` or `1`. */
  | { kind: "boolean" }
  /** Fixed digits after the point (`12.50`); by value, without trailing zeros, where the scale is open. `NaN`, `Infinity`, `-Infinity`. Zero has no sign. */
  | { kind: "decimal"; scale?: number | undefined }
  /** The shortest digits that read back as the same double, which single precision is widened to. `-0` is `0`. */
  | { kind: "float"; bits: 32 | 64 }
  /** The characters, nothing trimmed; trailing blanks are dropped where either end is `char(n)`. */
  | { kind: "text"; blankPadded: boolean }
  /** Lower case with hyphens. */
  | { kind: "uuid" }
  /** `YYYY-MM-DD`, further years with more digits, ` BC` after years before the first, `infinity`, `-infinity`. */
  | { kind: "date" }
  /** `HH:MM:SS` and a point with exactly `digits` digits (none when 0). */
  | { kind: "time"; digits: number }
  /**
   * Date, blank, time: `2026-11-21 14:03:07.120000`. With `utc` the instant, written in UTC. Further digits are rounded, as
   * the target does on writing, or cut off, as a converter to milliseconds does.
   */
  | { kind: "timestamp"; digits: number; utc: boolean; rounded: boolean }
  /** By meaning: the order of an object's members and `1.0` against `1` do not count. */
  | {
      kind: "json";
      /** The target keeps jsonb and the source json: hash both as jsonb spells them. */
      binary?: boolean | undefined;
    }
  /** Lower-case hexadecimal of the bytes. */
  | { kind: "binary" }
  /** Element by element; PostgreSQL's own text of the array. */
  | { kind: "array"; element: CanonicalForm }
  /** The engine's own text, between two databases of the same engine. */
  | { kind: "native"; type: string };

/** One value in its form; null is SQL's NULL and equals nothing but itself. */
export type CanonicalValue = string | null;

/** Values in the order of the comparison's columns. */
export type CanonicalRow = readonly CanonicalValue[];

/**
 * Portable hashes join a row's values with this and write NULL as the mark: control characters that a text hardly holds.
 * Behind the values stand the lengths of all free texts (-1 for NULL), so that none that does hold them can deceive.
 */
export const VALUE_SEPARATOR = "\u001f";
export const NULL_MARK = "\u001e";

/** Whether a value may hold any character, the separator included. */
export function isFreeText({ kind }: CanonicalForm): boolean {
  return kind === "text" || kind === "json" || kind === "array" || kind === "native";
}
