/** A decoded record key, or part of it. */
export type KeyValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly KeyValue[]
  | { readonly [name: string]: KeyValue };

const LIMIT = 200;

/** A key as people read and search it: `id=42`, or `a=1, b=2`, or the bare value. */
export function keyText(key: KeyValue): string {
  const text = isFields(key)
    ? Object.entries(key)
        .map(([name, value]) => `${name}=${plain(value)}`)
        .join(", ")
    : plain(key);
  return text.length > LIMIT ? `${text.slice(0, LIMIT - 1)}…` : text;
}

/** Numbers and UUIDs name a row without saying anything about a person; any other key is payload. */
export function maskKey(text: string): string {
  return text
    .split(", ")
    .map((part) => {
      const split = part.indexOf("=");
      const value = part.slice(split + 1);
      return isHarmless(value) ? part : `${part.slice(0, split + 1)}…`;
    })
    .join(", ");
}

/** A number that everybody may see, as JavaScript and PostgreSQL both read it; longer ones may be those of cards or people. */
export const SHOWN_NUMBER = "^-?[0-9]{1,20}$";
const shownNumber = new RegExp(SHOWN_NUMBER);

function isHarmless(value: string): boolean {
  return (
    shownNumber.test(value) ||
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value) ||
    value === "true" ||
    value === "false" ||
    value === "null"
  );
}

function isFields(key: KeyValue): key is { readonly [name: string]: KeyValue } {
  return typeof key === "object" && key !== null && !Array.isArray(key);
}

function plain(value: KeyValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null)
    return JSON.stringify(value, (_name, item: unknown) =>
      typeof item === "bigint" ? item.toString() : item,
    );
  return String(value);
}
