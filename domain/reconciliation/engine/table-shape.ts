/** What kind of value a column holds, whatever the engine calls its type. */
export type TypeFamily =
  | "integer"
  | "boolean"
  | "decimal"
  | "float32"
  | "float64"
  | "text"
  | "char"
  | "enum"
  | "uuid"
  | "date"
  | "time"
  | "timetz"
  | "timestamp"
  | "timestamptz"
  | "interval"
  | "json"
  | "binary"
  | "bits"
  | "array"
  | "other";

export interface ColumnShape {
  name: string;
  /** As the engine's catalogue writes it: `numeric(12,2)`, `datetime(6)`. */
  declared: string;
  family: TypeFamily;
  nullable: boolean;
  /** Computed by the database: a sink does not write it, and Debezium does not always carry it. */
  generated: boolean;
  /** Digits after the point of a decimal; nothing where the type leaves it open. */
  scale?: number | undefined;
  /** Digits of a second that a time type keeps; six where the engine says nothing. */
  digits?: number | undefined;
  /** Of an array. */
  element?: ColumnShape | undefined;
}

/** A table as its database describes it now. */
export interface TableShape {
  /** `schema.table` */
  table: string;
  columns: readonly ColumnShape[];
  /** The primary key's columns in order; empty for a table without one. */
  key: readonly string[];
  /** The database's own guess; nothing before it ever looked. */
  estimatedRows: number | undefined;
  bytes: number | undefined;
}
