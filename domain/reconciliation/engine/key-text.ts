const SEPARATOR = "\u001f";

/** A key's canonical values as one text: the value itself, or several joined so that no two keys look alike. */
export type KeyText = string;

export function keyText(parts: readonly string[]): KeyText {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  return parts.map((part) => part.replaceAll("\\", "\\\\").replaceAll(SEPARATOR, "\\u")).join(SEPARATOR);
}

export function keyParts(key: KeyText, length: number): string[] {
  if (length === 1) return [key];
  return key
    .split(SEPARATOR)
    .map((part) => part.replaceAll(/\\(u|\\)/g, (_whole, mark: string) => (mark === "u" ? SEPARATOR : "\\")));
}
