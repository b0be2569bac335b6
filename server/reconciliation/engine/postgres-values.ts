import { quoteName, quoteText } from "#domain/databases/sql-quoting.ts";
import {
  type CanonicalForm,
  isFreeText,
  NULL_MARK,
  VALUE_SEPARATOR,
} from "#domain/reconciliation/engine/canonical-form.ts";
import type { ColumnShape } from "#domain/reconciliation/engine/table-shape.ts";

/** A column of a layout as this server has it. */
export interface PostgresColumn {
  shape: ColumnShape;
  form: CanonicalForm;
}

/**
 * One column's part of the row's hash; never two parts alike for different values. PostgreSQL's own record hash cannot be used: it leaves
 * out the sign of a numeric, folds a bigint and a timestamp to 32 bits, and does not see how jsonb and arrays are nested.
 */
function columnHash(column: PostgresColumn, place: number, version: number): string {
  const seed = place + 1;
  const hashed = valueHash(column, seed, version);
  return column.shape.nullable ? `coalesce(${hashed}, ${NULL_SEED + seed})` : hashed;
}

const NULL_SEED = 1_000_000;

function valueHash({ shape, form }: PostgresColumn, seed: number, version: number): string {
  const name = quoteName(shape.name);
  switch (form.kind) {
    case "integer":
      return wholeHash(`${name}::int8`, seed);
    case "boolean":
      return `hashint4extended(${shape.family === "boolean" ? `${name}::int4` : `(${name} <> 0)::int4`}, ${seed})`;
    case "decimal":
      return decimalHash(decimalOf(name, shape, form.scale), seed, shape);
    case "float":
      return form.bits === 32
        ? `hashfloat4extended(${name}::float4, ${seed})`
        : `hashfloat8extended(${name}::float8, ${seed})`;
    case "text":
      return textHash(textOf(name, shape, form.blankPadded), seed);
    case "uuid":
      return `uuid_hash_extended(${name}::uuid, ${seed})`;
    case "date":
      return version >= DIRECT_SINCE
        ? `hashdateextended(${name}::date, ${seed})`
        : `hash_record_extended(row(${name}::date), ${seed})`;
    case "time":
      return bytesHash(`time_send(${timeOf(name, shape, form.digits)})`, seed, version);
    case "timestamp":
      return bytesHash(
        `${form.utc ? "timestamptz_send" : "timestamp_send"}(${momentOf(name, shape, form)})`,
        seed,
        version,
      );
    case "json":
      return textHash(jsonText(name, shape, form.binary ?? false, version), seed);
    case "binary":
      return bytesHash(name, seed, version);
    case "array":
      return textHash(`${name}::${arrayType(form.element)}::text`, seed);
    case "native":
      return textHash(ownText(name, shape), seed);
  }
}

/** Since version 18 the functions have names; before, the hash of a record of one column is the same number. */
const DIRECT_SINCE = 180_000;

/** As a seed a bigint counts with all its bits. */
function wholeHash(value: string, seed: number): string {
  return `hashint4extended(${seed}, ${value})`;
}

/**
 * The server's hash knows neither sign nor infinity from NaN, and shows powers of ten in its last bits alone. A type with a scale
 * holds no infinity.
 */
function decimalHash(value: string, seed: number, { family, scale }: ColumnShape): string {
  const infinite =
    family === "decimal" && scale === undefined ? ` when ${value} = 'Infinity' then ${seed + NULL_SEED}` : "";
  const sign = `case when ${value} < 0 then ${-seed}${infinite} else ${seed} end`;
  return `hashint4extended(${sign}, hash_numeric_extended(${value}, ${seed}))`;
}

function textHash(value: string, seed: number): string {
  return `hashtextextended((${value}) collate "C", ${seed})`;
}

function bytesHash(value: string, seed: number, version: number): string {
  return version >= DIRECT_SINCE
    ? `hashbyteaextended(${value}, ${seed})`
    : `hash_record_extended(row(${value}), ${seed})`;
}

function decimalOf(name: string, shape: ColumnShape, scale: number | undefined): string {
  return scale === undefined || (shape.family === "decimal" && shape.scale === scale)
    ? `${name}::numeric`
    : `round(${name}::numeric, ${scale})`;
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
      return form.bits === 32
        ? `(${name}::float4::float8 + 0::float8)::text`
        : `(${name}::float8 + 0::float8)::text`;
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
      return ownText(name, shape);
  }
}

function fraction(digits: number): string {
  return digits === 0 ? "" : `.FF${digits}`;
}

function textOf(name: string, shape: ColumnShape, blankPadded: boolean): string {
  // The cast of char(n) drops its padding, and only that of blanks.
  if (shape.family === "char") return `${name}::text`;
  const text = ownText(name, shape);
  return blankPadded ? `rtrim(${text}, ' ')` : text;
}

/** As the server writes the value out, which is what its log carries; a cast adds a netmask to inet. */
function ownText(name: string, { family }: ColumnShape): string {
  return family === "other"
    ? `case when ${name} is not null then format('%s', ${name}) end`
    : `${name}::text`;
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

/** Where the other end keeps jsonb, its spelling; a json that jsonb cannot hold, such as one with \u0000, stays as it is. */
function jsonText(name: string, { declared }: ColumnShape, binary: boolean, version: number): string {
  if (!binary || declared === "jsonb" || version < 160_000) return `${name}::text`;
  return `case when pg_input_is_valid(${name}::text, 'jsonb') then ${name}::jsonb::text else ${name}::text end`;
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
  if (kind === "sha256") return sha256Prefix(columns, 8, serverVersion, lengths(columns));
  // Put together once more: sums of the parts would not see two rows that swap a value.
  return wholeHash(columnHashes(columns, serverVersion), 7);
}

/** The key's hash as a number from 0 on. */
export function keyHash(
  kind: "native" | "sha256" | "presence",
  key: readonly PostgresColumn[],
  serverVersion: number,
): string {
  if (kind !== "native") return sha256Prefix(key, 4, serverVersion);
  return `(${wholeHash(columnHashes(key, serverVersion), 3)} & 2147483647)`;
}

function columnHashes(columns: readonly PostgresColumn[], version: number): string {
  return `(${columns.map((column, place) => columnHash(column, place, version)).join(" # ")})`;
}

/** The canonical text as a portable hash takes it: a time without its trailing zeros, which costs half. */
function hashText(column: PostgresColumn): string {
  const { shape, form } = column;
  const name = quoteName(shape.name);
  if (form.kind === "timestamp") {
    const moment = momentOf(name, shape, form);
    return form.utc ? `(${moment} at time zone 'UTC')::text` : `${moment}::text`;
  }
  if (form.kind === "boolean" && shape.family === "boolean")
    return `case when ${name} then '1' when not ${name} then '0' end`;
  if (
    form.kind === "decimal" &&
    shape.family === "decimal" &&
    shape.scale === form.scale &&
    form.scale !== undefined
  )
    return `${name}::text`;
  return textValue(column);
}

/** Of `concat_ws`, which writes numbers out more cheaply than casts do. */
const MOST_ARGUMENTS = 50;

/** Bytes of each free text behind the values: no text can then pose as a separator, or as NULL. */
function lengths(columns: readonly PostgresColumn[]): string[] {
  const bytes = columns
    .filter(({ form }) => isFreeText(form))
    .map((column) => `coalesce(octet_length(${textValue(column)}), -1)`);
  return Array.from({ length: Math.ceil(bytes.length / MOST_ARGUMENTS) }, (_part, index) => {
    const part = bytes.slice(index * MOST_ARGUMENTS, (index + 1) * MOST_ARGUMENTS);
    return `concat_ws(${control(VALUE_SEPARATOR)}, ${part.join(", ")})`;
  });
}

function sha256Prefix(
  columns: readonly PostgresColumn[],
  bytes: 4 | 8,
  serverVersion: number,
  more: readonly string[] = [],
): string {
  const values = [
    ...columns.map((column) => `coalesce(${hashText(column)}, ${control(NULL_MARK)})`),
    ...more,
  ];
  // As the wire has it, which is set to UTF-8: `convert_to` looks its encoding up for every row.
  const prefix = `substr(sha256(textsend(${joined(values)})), 1, ${bytes})`;
  if (serverVersion >= DIRECT_SINCE) return `${prefix}::int8`;
  return `('x' || encode(${prefix}, 'hex'))::bit(${bytes * 8})::int8`;
}

/** As a balanced tree: cheaper than `concat_ws`, which takes no more than a hundred values, and a long text is copied but a few times. */
function joined(values: readonly string[]): string {
  if (values.length < 2) return values[0] ?? "''";
  const middle = Math.ceil(values.length / 2);
  return `(${joined(values.slice(0, middle))} || ${control(VALUE_SEPARATOR)} || ${joined(values.slice(middle))})`;
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
