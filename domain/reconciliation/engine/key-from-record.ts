import type { CanonicalForm } from "./canonical-form.ts";
import type { Comparison } from "./comparison.ts";
import { type KeyText, keyText } from "./key-text.ts";

/** The key of a decoded topic key, or nothing where its values cannot be told from the record for sure. */
export function keyFromRecord(
  { columns, keyLength }: Pick<Comparison, "columns" | "keyLength">,
  key: unknown,
): KeyText | undefined {
  if (keyLength === 0) return undefined;
  const parts: string[] = [];
  for (const column of columns.slice(0, keyLength)) {
    const value =
      fieldOf(key, column.source) ?? fieldOf(key, column.target) ?? (isPlain(key) ? undefined : key);
    const part = partOf(column.form, value);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return keyText(parts);
}

function isPlain(key: unknown): key is Record<string, unknown> {
  return typeof key === "object" && key !== null && !Array.isArray(key);
}

function fieldOf(key: unknown, name: string): unknown {
  return isPlain(key) && Object.hasOwn(key, name) ? key[name] : undefined;
}

function partOf(form: CanonicalForm, value: unknown): string | undefined {
  switch (form.kind) {
    case "integer":
      if (typeof value === "bigint" || (typeof value === "number" && Number.isSafeInteger(value)))
        return String(value);
      return typeof value === "string" && /^-?\d+$/.test(value) ? String(BigInt(value)) : undefined;
    case "boolean":
      return typeof value === "boolean" ? (value ? "1" : "0") : undefined;
    case "text":
      if (typeof value !== "string") return undefined;
      return form.blankPadded ? value.replace(/ +$/, "") : value;
    case "uuid":
      return typeof value === "string" && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)
        ? value.toLowerCase()
        : undefined;
    case "binary":
      return typeof value === "string" && /^\\x([0-9a-f]{2})*$/i.test(value)
        ? value.slice(2).toLowerCase()
        : undefined;
    case "date":
      return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;
    // How a converter wrote other types the record alone does not tell.
    default:
      return undefined;
  }
}
