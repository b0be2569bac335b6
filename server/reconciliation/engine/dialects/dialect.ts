import type { DatabaseEngine } from "#domain/databases/schema.ts";
import type { BucketSpace } from "#domain/reconciliation/engine/bucket-space.ts";
import type { CanonicalForm } from "#domain/reconciliation/engine/canonical-form.ts";
import type { ColumnShape, TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import type { TableName } from "../describe-postgres.ts";

/** A column of a layout as the engine has it. */
export interface DialectColumn {
  shape: ColumnShape;
  form: CanonicalForm;
}

/** A statement or a part of one, or why this engine has none. */
export type Written = { text: string } | { refused: string };

export interface DialectTable {
  table: TableName;
  /** Key first. */
  columns: readonly DialectColumn[];
  keyLength: number;
}

/**
 * An engine's side of a comparison as text: what a reader of it would send. Exercised as text only, never on a server, so no
 * comparison runs through it; see `textOnlySide`. A part in `:name` or `?` is bound by the driver.
 */
export interface Dialect {
  engine: DatabaseEngine;
  quote(name: string): string;
  /** What kind of value the engine's type holds. */
  familyOf(declared: string): TypeFamily;
  /** The value as portable hashes take it, NULL as NULL. Refused: the column has to be read, and hashed by `client-hash.ts`. */
  value(column: DialectColumn): Written;
  /** Columns in order with type, nullability and place in the primary key. */
  shape(table: TableName): Written;
  /** Bucket, rows, sum of the rows' hashes. */
  bucketHashes(given: DialectTable, space: BucketSpace): Written;
  /** Whole rows of a part of the table, by key or by whatever the engine cuts its tables by. */
  rowsOfRange(given: DialectTable): Written;
  /** Where the engine's log stands. */
  position: Written;
  /** The server's own time, for an engine whose log has no position to compare. */
  clock: string;
}

export const refuse = (refused: string): Written => ({ refused });
export const write = (text: string): Written => ({ text });

/** Both an equal list of texts, or the first refusal. */
export function allOf(parts: readonly Written[]): { texts: string[] } | { refused: string } {
  const texts: string[] = [];
  for (const part of parts) {
    if ("refused" in part) return part;
    texts.push(part.text);
  }
  return { texts };
}

/** The type's name without its length, in lower case. */
export function baseType(declared: string): string {
  return declared.toLowerCase().replace(/\s*\(.*?\)/, "");
}
