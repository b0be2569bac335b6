/** Where a row lives and what tells it from others; column names as the event has them. */
export interface RowKey {
  readonly [column: string]: unknown;
}

/** Types whose text form is the same in an event's key and in PostgreSQL. */
const COMPARABLE = new Set([
  "int2",
  "int4",
  "int8",
  "numeric",
  "text",
  "varchar",
  "bpchar",
  "uuid",
  "bool",
  "citext",
  "name",
]);

export interface KeyColumn {
  name: string;
  /** `int8`, `varchar`…: the type's own name in the catalogue. */
  base: string;
}

export interface KeyCondition {
  columns: { name: string; base: string; value: string | null }[];
  /** Why no row can be looked up by this key. */
  problem?: string;
}

/** Which columns of a table a key speaks of, or in one sentence why it cannot be used. */
export function keyCondition(key: RowKey | undefined, columns: readonly KeyColumn[]): KeyCondition {
  const entries = Object.entries(key ?? {});
  if (entries.length === 0) return { columns: [], problem: "the record has no key with named columns" };
  const found: KeyCondition["columns"] = [];
  for (const [name, value] of entries) {
    const column =
      columns.find((candidate) => candidate.name === name) ??
      columns.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
    if (!column) return { columns: [], problem: `the table has no column ${name}, which is part of the key` };
    if (value === null) {
      found.push({ ...column, value: null });
      continue;
    }
    const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    if (
      !isPlain ||
      !COMPARABLE.has(column.base) ||
      (column.base === "numeric" && String(value).startsWith("\\x"))
    )
      return { columns: [], problem: `a key of type ${column.base} in ${column.name} cannot be looked up` };
    found.push({ ...column, value: String(value) });
  }
  return { columns: found };
}

/** `schema.table`; a name without schema is looked for wherever the database has one of that name. */
export function splitTableName(name: string): { schema: string | undefined; table: string } {
  const bare = name.replaceAll('"', "");
  const dot = bare.indexOf(".");
  return dot < 0
    ? { schema: undefined, table: bare }
    : { schema: bare.slice(0, dot), table: bare.slice(dot + 1) };
}
