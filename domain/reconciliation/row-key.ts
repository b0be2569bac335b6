import type { Comparison } from "./engine/comparison.ts";
import type { RowKey } from "./schema.ts";

/** The key with its types: integers as numbers where they fit, booleans, the rest as text. */
export function rowKeyOf(
  comparison: Pick<Comparison, "columns" | "keyLength">,
  values: readonly string[],
): RowKey {
  if (comparison.keyLength === 0) return { row_hash: values.join(" ") };
  return Object.fromEntries(
    comparison.columns
      .slice(0, comparison.keyLength)
      .map(({ source, form }, index) => [source, typed(values[index] ?? null, form.kind)]),
  );
}

function typed(value: string | null, kind: string): string | number | boolean | null {
  if (value === null) return null;
  if (kind === "boolean") return value === "1";
  if (kind !== "integer") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
