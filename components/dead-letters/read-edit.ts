import type { z } from "zod";
import type { ConfigChange } from "#components/ui/config-diff.tsx";

type JsonValue = z.infer<ReturnType<typeof z.json>>;

export interface Edit {
  value: JsonValue;
  /** Why it cannot be read; undefined when it can. */
  problem: string | undefined;
  changes: ConfigChange[];
}

/** What was typed, and where it differs from what the record holds. */
export function readEdit(original: unknown, text: string): Edit {
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : "not JSON";
    return { value: null, problem: `This is no JSON: ${why}`, changes: [] };
  }
  const [before, after] = [flatten(original), flatten(value)];
  const keys = new Set([...before.keys(), ...after.keys()]);
  return {
    value,
    problem: undefined,
    changes: [...keys]
      .map((key) => ({ key, before: before.get(key), after: after.get(key) }))
      .filter((change) => change.before !== change.after),
  };
}

/** `after.note` → the value as JSON writes it. */
function flatten(value: unknown, path = "", into = new Map<string, string>()): Map<string, string> {
  if (value !== null && typeof value === "object" && Object.keys(value).length > 0)
    for (const [name, item] of Object.entries(value))
      flatten(item, path === "" ? name : `${path}.${name}`, into);
  else into.set(path || "value", typeof value === "string" ? value : JSON.stringify(value));
  return into;
}
