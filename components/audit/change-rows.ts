import type { ConfigChange } from "#components/ui/config-diff.tsx";

/** Before and after of an act, key by key: nested objects become dotted keys, and what is the same is left out. */
export function changeRows(before: unknown, after: unknown): ConfigChange[] {
  const [old, next] = [flatten(before), flatten(after)];
  const keys = [...new Set([...old.keys(), ...next.keys()])].sort();
  return keys
    .map((key) => ({ key: key || "value", before: old.get(key), after: next.get(key) }))
    .filter((row) => row.before !== row.after);
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
