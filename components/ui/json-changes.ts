import type { ConfigChange } from "./config-diff.tsx";

/** Two JSON values key by key, nested keys joined by dots; what is equal on both sides is left out. */
export function jsonChanges(before: unknown, after: unknown): ConfigChange[] {
  const [left, right] = [flatten(before), flatten(after)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .toSorted()
    .map((key) => ({ key: key || "value", before: left.get(key), after: right.get(key) }))
    .filter((change) => change.before !== change.after);
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value === null || value === undefined) return into;
  if (typeof value !== "object") return into.set(path, String(value));
  if (Array.isArray(value))
    return into.set(path, value.every(isPlain) ? value.join(", ") : JSON.stringify(value));
  for (const [key, inner] of Object.entries(value)) flatten(inner, path ? `${path}.${key}` : key, into);
  return into;
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}
