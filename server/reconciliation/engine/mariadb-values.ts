import {
  type CanonicalForm,
  isFreeText,
  NULL_MARK,
  VALUE_SEPARATOR,
} from "#domain/reconciliation/engine/canonical-form.ts";
import type { MariadbShape } from "./describe-mariadb.ts";
import type { HashKind } from "./side.ts";

/** A column of a layout as this server has it. */
export interface MariadbColumn {
  shape: MariadbShape;
  form: CanonicalForm;
}

export function quoteIdentifier(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Scale and length that DECIMAL can have. */
const WIDEST_DECIMAL = 65;
const DEEPEST_SCALE = 38;

/** The value as its canonical text. */
export function textValue({ shape, form }: MariadbColumn): string {
  const name = quoteIdentifier(shape.name);
  switch (form.kind) {
    case "integer":
      return `cast(${number(name, shape)} as char)`;
    case "boolean":
      return `cast(${name} <> 0 as char)`;
    case "decimal":
      return decimalText(name, shape, form.scale);
    case "float":
      return floatText(name, shape, form.bits);
    case "text":
      return form.blankPadded || shape.family === "char"
        ? `trim(trailing ' ' from ${plainText(name, shape)})`
        : plainText(name, shape);
    case "uuid":
      return `lower(cast(${name} as char))`;
    case "date":
      return moment(name, shape, (own) => `cast(${own} as char)`, "1970-01-01");
    case "time":
      return `cast(${exactly(name, shape, "time", form.digits)} as char)`;
    case "timestamp":
      return moment(
        name,
        shape,
        (own) =>
          form.rounded || (shape.digits ?? 0) <= form.digits
            ? `cast(${exactly(own, shape, "datetime", form.digits)} as char)`
            : `left(cast(${own} as char), ${form.digits === 0 ? 19 : 20 + form.digits})`,
        `1970-01-01 00:00:00${form.digits === 0 ? "" : `.${"0".repeat(form.digits)}`}`,
      );
    case "json":
      return name;
    case "binary":
      return `lower(hex(${name}))`;
    case "native":
      if (shape.family === "bits") return `lpad(bin(${name}), ${bitsOf(shape)}, '0')`;
      return `cast(${name} as char)`;
    case "array":
      throw new Error(`MariaDB has no arrays, so ${shape.name} cannot be one`);
  }
}

/** Without the zeros that ZEROFILL shows. */
function number(name: string, { declared, family }: Pick<MariadbShape, "declared" | "family">): string {
  if (family === "boolean" || family === "bits") return `cast(${name} as unsigned)`;
  return /zerofill|year/.test(declared) ? `${name} + 0` : name;
}

function decimalText(name: string, shape: MariadbShape, scale: number | undefined): string {
  const own = number(name, shape);
  if (scale === undefined) {
    if (shape.family !== "decimal" || shape.scale === 0) return `cast(${own} as char)`;
    return `trim(trailing '.' from trim(trailing '0' from cast(${own} as char)))`;
  }
  if (shape.family === "decimal" && shape.scale === scale) return `cast(${own} as char)`;
  const digits = Math.min(Math.max(scale, 0), DEEPEST_SCALE);
  return `cast(cast(${own} as decimal(${WIDEST_DECIMAL}, ${digits})) as char)`;
}

/** A single-precision number is written as the double it stands for, for want of its own shortest digits here. */
function floatText(name: string, { family }: MariadbShape, bits: 32 | 64): string {
  const value = bits === 32 && family !== "float32" ? `cast(${name} as float)` : name;
  const exponent = `replace(cast(cast(${value} as double) + 0 as char), 'e', 'e+')`;
  return `replace(${exponent}, 'e+-', 'e-')`;
}

function plainText(name: string, { family, collation, declared }: MariadbShape): string {
  if (family === "integer" || family === "decimal")
    return `cast(${number(name, { family, declared })} as char)`;
  if (collation?.startsWith("utf8mb4") && family !== "enum") return name;
  return `convert(${name} using utf8mb4)`;
}

/**
 * A date with a zero month or day does not exist elsewhere: Debezium hands it over as NULL, or as the epoch where the column
 * knows no NULL.
 */
function moment(
  name: string,
  { nullable }: MariadbShape,
  write: (own: string) => string,
  epoch: string,
): string {
  const isReal = `dayofmonth(${name}) > 0 and month(${name}) > 0`;
  if (nullable) return `if(${isReal}, ${write(name)}, null)`;
  return `if(${isReal}, ${write(name)}, '${epoch}')`;
}

function exactly(
  own: string,
  { digits, family }: MariadbShape,
  type: "time" | "datetime",
  wanted: number,
): string {
  return family !== "date" && digits === wanted ? own : `cast(${own} as ${type}(${wanted}))`;
}

function bitsOf({ declared }: MariadbShape): number {
  return Number(/\d+/.exec(declared)?.[0] ?? 1);
}

/** Row hash as sixteen hexadecimal digits. */
export function rowHashHex(kind: HashKind, columns: readonly MariadbColumn[]): string {
  return kind === "presence" ? "'0000000000000001'" : `left(${sha256Of(columns, lengths(columns))}, 16)`;
}

/** Row hash as an unsigned number of eight bytes. */
export function rowHashNumber(kind: HashKind, columns: readonly MariadbColumn[]): string {
  return kind === "presence" ? "1" : unsigned(rowHashHex(kind, columns));
}

/** First four bytes of the row's hash, for a table without a key. */
export function rowClassHash(columns: readonly MariadbColumn[]): string {
  return unsigned(`left(${rowHashHex("sha256", columns)}, 8)`);
}

/** First four bytes of the hash of the key's values. */
export function classHash(columns: readonly MariadbColumn[]): string {
  return unsigned(`left(${sha256Of(columns)}, 8)`);
}

function unsigned(hexadecimal: string): string {
  return `cast(conv(${hexadecimal}, 16, 10) as unsigned)`;
}

/**
 * The canonical text as a portable hash takes it, as bare as `concat_ws` understands it: a cast costs as much as the hash. Of
 * dates that are none only the wholly empty ones are known here; the others are looked at again, and found equal then.
 */
function hashText(column: MariadbColumn): string {
  const { shape, form } = column;
  const name = quoteIdentifier(shape.name);
  switch (form.kind) {
    case "integer":
      return number(name, shape);
    case "boolean":
      return `${name} <> 0`;
    case "decimal":
      if (shape.family !== "decimal" || shape.scale !== form.scale) return textValue(column);
      return number(name, shape);
    case "timestamp": {
      if (shape.family === "date" || shape.digits !== form.digits)
        return withoutTrailingZeros(textValue(column), form.digits);
      const nothing = "'0000-00-00 00:00:00'";
      const own = shape.nullable
        ? `nullif(${name}, ${nothing})`
        : `if(${name} = ${nothing}, '1970-01-01 00:00:00${form.digits === 0 ? "" : "."}', ${name})`;
      return withoutTrailingZeros(own, form.digits);
    }
    default:
      return textValue(column);
  }
}

function withoutTrailingZeros(time: string, digits: number): string {
  return digits === 0 ? time : `trim(trailing '.' from trim(trailing '0' from ${time}))`;
}

/** Bytes of each free text behind the values: no text can then pose as a separator, or as NULL. */
function lengths(columns: readonly MariadbColumn[]): string[] {
  return columns.flatMap((column) =>
    isFreeText(column.form) ? [`ifnull(length(${textValue(column)}), -1)`] : [],
  );
}

function sha256Of(columns: readonly MariadbColumn[], more: readonly string[] = []): string {
  const values = [
    ...columns.map((column) =>
      column.shape.nullable ? `ifnull(${hashText(column)}, ${control(NULL_MARK)})` : hashText(column),
    ),
    ...more,
  ];
  return `sha2(concat_ws(${[control(VALUE_SEPARATOR), ...values].join(", ")}), 256)`;
}

function control(character: string): string {
  return `char(${character.charCodeAt(0)} using utf8mb4)`;
}

/** How a key's text is handed over in JSON_TABLE, and compared so that the column's index can be used. */
export function keyLookup({ shape, form }: MariadbColumn, alias: string): { type: string; equals: string } {
  const name = quoteIdentifier(shape.name);
  switch (shape.family) {
    case "integer":
    case "decimal":
    case "float64":
      return { type: "varchar(80)", equals: `${name} = ${numeric(shape, alias)}` };
    case "binary":
      return { type: "longtext", equals: `${name} = unhex(${alias})` };
    case "text":
    case "char":
      if (form.kind !== "text" || shape.collation === undefined) break;
      return {
        type: "longtext",
        equals: `${name} = convert(${alias} using ${charsetOf(shape.collation)}) collate ${shape.collation}`,
      };
    case "date":
    case "timestamp":
    case "timestamptz":
    case "time":
      if (form.kind === "text") break;
      return { type: "varchar(40)", equals: `${name} = cast(${alias} as ${temporalType(shape)})` };
    default:
      break;
  }
  return { type: "longtext", equals: `${textValue({ shape, form })} = ${alias}` };
}

function numeric({ family, declared, scale }: MariadbShape, alias: string): string {
  if (family === "float64") return `cast(${alias} as double)`;
  if (family === "decimal") return `cast(${alias} as decimal(65, ${scale ?? 0}))`;
  return `cast(${alias} as ${/unsigned|year/.test(declared) ? "unsigned" : "signed"})`;
}

function temporalType({ family, digits }: MariadbShape): string {
  if (family === "date") return "date";
  return `${family === "time" ? "time" : "datetime"}(${digits ?? 0})`;
}

function charsetOf(collation: string): string {
  return collation.split("_")[0] ?? collation;
}
