/** What is wrong with an edited value: where, and why. */
export interface EditProblem {
  path: string;
  message: string;
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (!isFields(a) || !isFields(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  );
}

export function within(path: string, name: string | number): string {
  return path === "" ? String(name) : `${path}.${name}`;
}

/** A change as everybody may see it in a plan: where, and of what kind; never the values. */
export function describeEdit(before: unknown, after: unknown, path = ""): Record<string, [string, string]> {
  if (sameValue(before, after)) return {};
  if (isFields(before) && isFields(after))
    return Object.assign(
      {},
      ...[...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) =>
        describeEdit(before[name], after[name], within(path, name)),
      ),
    ) as Record<string, [string, string]>;
  return { [path || "value"]: [kindOf(before), kindOf(after)] };
}

function kindOf(value: unknown): string {
  if (value === undefined) return "not there";
  if (value === null) return "null";
  if (typeof value === "string") return `text of ${value.length} characters`;
  if (Array.isArray(value)) return `list of ${value.length}`;
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
