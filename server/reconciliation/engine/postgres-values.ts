import { quoteName, quoteText } from "#domain/databases/sql-quoting.ts";
import {
  type CanonicalForm,
  NULL_MARK,
  VALUE_SEPARATOR,
} from "#domain/reconciliation/engine/canonical-form.ts";
import type { ColumnShape } from "#domain/reconciliation/engine/table-shape.ts";

/** A column of a layout as this server has it. */
export interface PostgresColumn {
  shape: ColumnShape;
  form: CanonicalForm;
}

/** The value as the type both ends share, for the server's own record hash. */
export function nativeValue({ shape, form }: PostgresColumn, serverVersion: number): string {
  return nativeOf(quoteName(shape.name), shape, form, serverVersion);
}

function nativeOf(name: string, shape: ColumnShape, form: CanonicalForm, serverVersion: number): string {
  switch (form.kind) {
    case "integer":
      return `${name}::int8`;
    case "boolean":
      return shape.family === "boolean" ? name : `(${name} <> 0)`;
    case "decimal":
      return form.scale === undefined || (shape.family === "decimal" && shape.scale === form.scale)
        ? `${name}::numeric`
        : `round(${name}::numeric, ${form.scale})`;
    case "float":
      return form.bits === 32 ? `${name}::float4` : `${name}::float8`;
    case "text":
      return `${textOf(name, shape, form.blankPadded)} collate "C"`;
    case "uuid":
      return `${name}::uuid`;
    case "date":
      return `${name}::date`;
    case "time":
      return timeOf(name, shape, form.digits);
    case "timestamp":
      return momentOf(name, shape, form);
    case "json":
      return jsonOf(name, shape, serverVersion);
    case "binary":
      return name;
    case "array":
      // The hash of an array knows its elements, not how they are nested.
      return `${name}::${arrayType(form.element)}, array_dims(${name}) collate "C"`;
    case "native":
      return `${name}::text collate "C"`;
  }
}

/** The value as its canonical text. */
export function textValue({ shape, form }: PostgresColumn): string {
  const name = quoteName(shape.name);
  switch (form.kind) {
    case "integer":
      return `${name}::text`;
    case "boolean":
      return shape.family === "boolean" ? `${name}::int::text` : `(${name} <> 0)::int::text`;
    case "decimal":
      return form.scale === undefined
        ? `trim_scale(${name}::numeric)::text`
        : `round(${name}::numeric, ${form.scale})::text`;
    case "float":
      return form.bits === 32 ? `(${name}::float4 + 0::float4)::text` : `(${name}::float8 + 0::float8)::text`;
    case "text":
      return textOf(name, shape, form.blankPadded);
    case "uuid":
    case "date":
      return `${name}::${form.kind}::text`;
    case "time":
      return `to_char(${timeOf(name, shape, form.digits)}::interval, 'HH24:MI:SS${fraction(form.digits)}')`;
    case "timestamp": {
      const moment = momentOf(name, shape, form);
      const local = form.utc ? `(${moment} at time zone 'UTC')` : moment;
      // to_char answers NULL for infinity and drops the era.
      return `case when ${local} >= '0001-01-01' and ${local} < 'infinity' then to_char(${local}, 'YYYY-MM-DD HH24:MI:SS${fraction(form.digits)}') else ${local}::text end`;
    }
    case "json":
      return `${name}::text`;
    case "binary":
      return `encode(${name}, 'hex')`;
    case "array":
      return `${name}::${arrayType(form.element)}::text`;
    case "native":
      return `${name}::text`;
  }
}

function fraction(digits: number): string {
  return digits === 0 ? "" : `.FF${digits}`;
}

function textOf(name: string, { family }: ColumnShape, blankPadded: boolean): string {
  // The cast of char(n) drops its padding, and only that of blanks.
  if (family === "char") return `${name}::text`;
  return blankPadded ? `rtrim(${name}::text, ' ')` : `${name}::text`;
}

function timeOf(name: string, { family }: ColumnShape, digits: number): string {
  const time = family === "timetz" ? `(${name} at time zone 'UTC')::time` : `${name}::time`;
  return digits < 6 ? `${time}(${digits})` : time;
}

function momentOf(
  name: string,
  shape: ColumnShape,
  { utc, digits, rounded }: Extract<CanonicalForm, { kind: "timestamp" }>,
): string {
  const own =
    shape.family === "timestamptz"
      ? name
      : shape.family === "date"
        ? `${name}::timestamp${utc ? " at time zone 'UTC'" : ""}`
        : utc
          ? `(${name} at time zone 'UTC')`
          : name;
  if ((shape.digits ?? 6) <= digits) return own;
  const type = utc ? `timestamptz(${digits})` : `timestamp(${digits})`;
  if (rounded) return `(${own})::${type}`;
  return `date_trunc('${digits <= 0 ? "second" : "milliseconds"}', ${own})`;
}

/** A json that jsonb cannot hold, such as one with \u0000, is hashed as its text. */
function jsonOf(name: string, { declared }: ColumnShape, serverVersion: number): string {
  if (declared === "jsonb") return name;
  if (serverVersion < 160_000) return `to_jsonb(${name}::text)`;
  return `case when pg_input_is_valid(${name}::text, 'jsonb') then ${name}::jsonb else to_jsonb(${name}::text) end`;
}

function arrayType(element: CanonicalForm): string {
  switch (element.kind) {
    case "integer":
      return "int8[]";
    case "boolean":
      return "bool[]";
    case "decimal":
      return "numeric[]";
    case "float":
      return element.bits === 32 ? "float4[]" : "float8[]";
    case "uuid":
      return "uuid[]";
    case "date":
      return "date[]";
    case "timestamp":
      return element.utc ? "timestamptz[]" : "timestamp[]";
    case "binary":
      return "bytea[]";
    default:
      return "text[]";
  }
}

/** `SELECT`able row hash as a bigint. */
export function rowHash(
  kind: "native" | "sha256" | "presence",
  columns: readonly PostgresColumn[],
  serverVersion: number,
): string {
  if (kind === "presence") return "1::int8";
  if (kind === "sha256") return sha256Prefix(columns, 8);
  const values = columns.map((column) => nativeValue(column, serverVersion)).join(", ");
  // The record's hash is linear in its columns: sums of it would not see two rows that swap a value.
  return `hashint8extended(hash_record_extended(row(${values}), 0), 7)`;
}

/** The key's hash as a number from 0 on. */
export function keyHash(
  kind: "native" | "sha256" | "presence",
  key: readonly PostgresColumn[],
  serverVersion: number,
): string {
  if (kind !== "native") return sha256Prefix(key, 4);
  const values = key.map((column) => nativeValue(column, serverVersion)).join(", ");
  return `(hash_record_extended(row(${values}), 3) & 2147483647)`;
}

function sha256Prefix(columns: readonly PostgresColumn[], bytes: 4 | 8): string {
  const values = columns.map((column) => `coalesce(${textValue(column)}, ${control(NULL_MARK)})`).join(", ");
  const text = `concat_ws(${control(VALUE_SEPARATOR)}, ${values})`;
  return `('x' || encode(substr(sha256(convert_to(${text}, 'UTF8')), 1, ${bytes}), 'hex'))::bit(${bytes * 8})::int8`;
}

function control(character: string): string {
  return `chr(${character.charCodeAt(0)})`;
}

/** Compares a key column with a key's text `k`, by the column's index wherever the text can be read as the column's type. */
export function keyCondition(column: PostgresColumn, k: string, serverVersion: number): string {
  const { shape, form } = column;
  const name = quoteName(shape.name);
  const byText = `${textValue(column)} = ${k}`;
  switch (form.kind) {
    case "integer":
      // A key of the other end can be too large for this end's type.
      return `${name} = ${k}::int8`;
    case "boolean":
      return shape.family === "boolean" ? `${name} = ${k}::bool` : byText;
    case "decimal":
      return shape.family === "decimal" && (form.scale === undefined || shape.scale === form.scale)
        ? `${name} = ${k}::numeric`
        : byText;
    case "float":
      return shape.family === "float64" && form.bits === 64 ? `${name} = ${k}::float8` : byText;
    case "text":
      if (shape.family === "text") return form.blankPadded ? byText : `${name} = ${k}`;
      if (shape.family === "char") return `${name} = ${k}::bpchar`;
      if (serverVersion < 160_000) return byText;
      return `${name} = case when pg_input_is_valid(${k}, ${quoteText(shape.declared)}) then ${k}::${shape.declared} end`;
    case "uuid":
      return `${name} = ${k}::uuid`;
    case "date":
      return `${name} = ${k}::date`;
    case "timestamp":
      if ((shape.digits ?? 6) > form.digits || shape.family === "date") return byText;
      if (shape.family === "timestamptz") return `${name} = (${k}::timestamp at time zone 'UTC')`;
      return `${name} = ${k}::timestamp`;
    case "binary":
      return `${name} = decode(${k}, 'hex')`;
    default:
      return byText;
  }
}
