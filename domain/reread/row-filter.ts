import { AppError } from "../errors/app-error.ts";

/** The key of a row: column names and values as events have them. */
export interface RowKey {
  readonly [column: string]: unknown;
}

/** How names and texts are quoted in the source's SQL. */
export type SqlDialect = "postgres" | "mysql";

export function dialectOf(connectorClass: string): SqlDialect {
  return /mysql|mariadb/i.test(connectorClass) ? "mysql" : "postgres";
}

/** A condition that is true for exactly these rows; it becomes part of the SQL that Debezium runs at the source. */
export function rowFilter(keys: readonly RowKey[], dialect: SqlDialect): string {
  const [first] = keys;
  const columns = Object.keys(first ?? {});
  if (!first || columns.length === 0)
    throw new AppError("invalid", "A row without a key cannot be read again");
  const [only] = columns;
  if (columns.length === 1 && only !== undefined && keys.every((key) => Object.keys(key).length === 1))
    return `${quoteColumn(only, dialect)} in (${keys.map((key) => literal(only, key[only], dialect)).join(", ")})`;
  return keys
    .map((key) =>
      Object.entries(key)
        .map(([column, value]) => `${quoteColumn(column, dialect)} = ${literal(column, value, dialect)}`)
        .join(" and "),
    )
    .map((condition) => `(${condition})`)
    .join(" or ");
}

function quoteColumn(name: string, dialect: SqlDialect): string {
  return dialect === "mysql" ? `\`${name.replaceAll("`", "``")}\`` : `"${name.replaceAll('"', '""')}"`;
}

function literal(column: string, value: unknown, dialect: SqlDialect): string {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "boolean") return String(value);
  // Bytes are shown as hexadecimal: a decimal or a binary key, whose form in SQL is not known here.
  if (typeof value !== "string" || value.startsWith("\\x") || value.includes("\u0000"))
    throw new AppError("invalid", `The key column ${column} holds a value that cannot be put into a filter`);
  const text = value.replaceAll("'", "''");
  return `'${dialect === "mysql" ? text.replaceAll("\\", "\\\\") : text}'`;
}

/** Tells rows of one table apart, whatever the order of the columns. */
export function rowKeyText(key: RowKey): string {
  return JSON.stringify(
    Object.entries(key)
      .map(([column, value]) => [column.toLowerCase(), String(value)])
      .sort(([a = ""], [b = ""]) => (a < b ? -1 : 1)),
  );
}
