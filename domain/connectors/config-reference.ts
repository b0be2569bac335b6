/**
 * How Kafka's ConfigTransformer finds references, wherever they stand in a value. `${topic}` has no colon and is left
 * alone. Keep it equal to Kafka's pattern: what it resolves is what must be judged.
 */
const KAFKA_REFERENCE = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/g;

/** Mount, path, optional pinned version and key: no dot segments, no percent escapes, nothing a server could read twice. */
const SECRET_PATH =
  /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+(?:\?version=[1-9][0-9]{0,8})?$/;
const SECRET_KEY = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

export interface FoundReference {
  text: string;
  provider: string;
  path: string;
  key: string;
}

/** Every part of a value that Kafka Connect would hand to a config provider. */
export function referencesIn(value: string): FoundReference[] {
  return [...value.matchAll(KAFKA_REFERENCE)].map((match) => ({
    text: match[0],
    provider: match[1] ?? "",
    path: match[2] ?? "",
    key: match[3] ?? "",
  }));
}

export function isWellFormed(reference: FoundReference): boolean {
  return SECRET_PATH.test(reference.path) && SECRET_KEY.test(reference.key);
}

/** The value is one reference and nothing else, which is the only form a secret may take. */
export function isWholeReference(value: string, provider: string): boolean {
  const [reference, ...more] = referencesIn(value.trim());
  return (
    reference !== undefined &&
    more.length === 0 &&
    reference.text === value.trim() &&
    reference.provider === provider &&
    isWellFormed(reference)
  );
}

/** Connect resolved something in this value, so its answers about it may quote a secret. */
export function holdsReference(value: string): boolean {
  return value.includes("${");
}
