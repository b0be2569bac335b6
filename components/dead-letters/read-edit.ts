import type { z } from "zod";
import type { ConfigChange } from "#components/ui/config-diff.tsx";
import { isFields, sameValue, within } from "#domain/dead-letters/edit-problems.ts";

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
  return { value, problem: undefined, changes: changesOf(original, value) };
}

/** Leaf by leaf with its type: the text "5" is not the number 5. What differs is the domain's to say, as in the plan. */
function changesOf(before: unknown, after: unknown, path = ""): ConfigChange[] {
  if (sameValue(before, after)) return [];
  const isBranch = (isFields(before) && isFields(after)) || (Array.isArray(before) && Array.isArray(after));
  if (!isBranch)
    return [{ key: path || "value", before: JSON.stringify(before), after: JSON.stringify(after) }];
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) =>
    changesOf(old.get(name), now.get(name), within(path, segment(name))),
  );
}

/** A name with a dot in it is not a path. */
function segment(name: string): string {
  return name === "" || name.includes(".") ? JSON.stringify(name) : name;
}
