const SEPARATOR = "\u001f";

/** A key's canonical values as one text: the value itself, or several joined so that no two keys look alike. */
export type KeyText = string;

/** PostgreSQL's text holds no NUL, MariaDB's does. */
const NUL = "\0";
const NUL_SHOWN = "\u2400";

/** A NUL is shown as `␀`, so that a key can be handed to either end and kept; see `keysWithNul`. */
export function keyText(parts: readonly string[]): KeyText {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return withoutNul(only);
  return parts
    .map(withoutNul)
    .map((part) => part.replaceAll("\\", "\\\\").replaceAll(SEPARATOR, "\\u"))
    .join(SEPARATOR);
}

function withoutNul(part: string): string {
  return part.replaceAll(NUL, NUL_SHOWN);
}

/** Every writing a key can stand for in a database whose text may hold a NUL. */
export function keysWithNul(keys: readonly KeyText[]): KeyText[] {
  return keys.flatMap((key) => (key.includes(NUL_SHOWN) ? [key, key.replaceAll(NUL_SHOWN, NUL)] : [key]));
}

export function keyParts(key: KeyText, length: number): string[] {
  if (length === 1) return [key];
  return key
    .split(SEPARATOR)
    .map((part) => part.replaceAll(/\\(u|\\)/g, (_whole, mark: string) => (mark === "u" ? SEPARATOR : "\\")));
}
