import type { ConfigChange } from "#components/ui/config-diff.tsx";

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** Two JSON values key by key, nested keys joined by dots; what is equal on both sides is left out. */
export function jsonChanges(before: unknown, after: unknown): ConfigChange[] {
  const left = flatten(before);
  const right = flatten(after);
  return [...new Set([...left.keys(), ...right.keys()])]
    .toSorted()
    .map((key) => ({ key, before: left.get(key), after: right.get(key) }))
    .filter((change) => change.before !== change.after);
}

function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) flatten(item, path ? `${path}.${key}` : key, into);
  } else if (value !== undefined && !(path === "" && value === null)) {
    into.set(path || "value", typeof value === "string" ? value : JSON.stringify(value));
  }
  return into;
}

function isObject(value: unknown): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
