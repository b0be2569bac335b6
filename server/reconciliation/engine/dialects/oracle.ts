import { quoteName, quoteText } from "#domain/databases/sql-quoting.ts";
import { isFreeText, NULL_MARK, VALUE_SEPARATOR } from "#domain/reconciliation/engine/canonical-form.ts";
import type { TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { allOf, baseType, type Dialect, type DialectColumn, refuse, type Written, write } from "./dialect.ts";

const FAMILIES: Record<string, TypeFamily> = {
  number: "decimal",
  binary_float: "float32",
  binary_double: "float64",
  char: "char",
  nchar: "char",
  varchar2: "text",
  nvarchar2: "text",
  clob: "text",
  nclob: "text",
  // Oracle's DATE has a time of day.
  date: "timestamp",
  timestamp: "timestamp",
  "timestamp with time zone": "timestamptz",
  "timestamp with local time zone": "timestamptz",
  raw: "binary",
  blob: "binary",
};

/** What one text of SQL may hold unless the server was set up for more. */
const LONGEST = 4_000;
const LARGE = /clob|blob|long/i;
/** Characters of any value that is no free text. */
const PLAIN_LENGTH = 64;
const control = (character: string) => `chr(${character.charCodeAt(0)})`;

function value({ shape, form }: DialectColumn): Written {
  const name = quoteName(shape.name);
  if (LARGE.test(shape.declared)) return refuse("Oracle hashes no large objects");
  switch (form.kind) {
    case "integer":
      return write(`to_char(${name}, 'FM99999999999999999999999999999999999990')`);
    case "boolean":
      return write(`case when ${name} <> 0 then '1' when ${name} = 0 then '0' end`);
    case "decimal": {
      if (form.scale === undefined || form.scale < 0 || form.scale > 30)
        return refuse("Oracle has no format for a number with any number of digits");
      const fraction = form.scale === 0 ? "" : `D${"0".repeat(form.scale)}`;
      const digits = "9".repeat(37 - form.scale);
      return write(
        `to_char(round(${name}, ${form.scale}), 'FM${digits}0${fraction}', 'NLS_NUMERIC_CHARACTERS=''.,''')`,
      );
    }
    case "text":
      return write(form.blankPadded ? `rtrim(${name}, ' ')` : `to_char(${name})`);
    case "timestamp": {
      const utc = form.utc && shape.family === "timestamptz" ? `sys_extract_utc(${name})` : name;
      if (!form.rounded && form.digits < (shape.digits ?? 6))
        return refuse("Oracle rounds fractions of a second, and this pipeline cuts them");
      const moment = `cast(${utc} as timestamp(${form.digits}))`;
      const mask = `YYYY-MM-DD HH24:MI:SS${form.digits > 0 ? `.FF${form.digits}` : ""}`;
      const written = `to_char(${moment}, '${mask}')`;
      const trimmed = form.digits > 0 ? `rtrim(rtrim(${written}, '0'), '.')` : written;
      return write(`${trimmed} || case when ${moment} < date '0001-01-01' then ' BC' end`);
    }
    case "binary":
      return write(`lower(rawtohex(${name}))`);
    case "uuid":
    case "date":
    case "time":
      return refuse(`Oracle has no type for a ${form.kind} alone`);
    case "float":
      return refuse("Oracle does not write a double with its shortest digits");
    case "json":
      return refuse("Oracle's text of JSON is not its meaning");
    case "array":
      return refuse("Oracle's collections are not read");
    case "native":
      return refuse("The engine's own text means something only to the same engine");
  }
}

function mayBeTooLong(columns: readonly DialectColumn[]): boolean {
  const lengths = columns.map(({ shape, form }) => {
    const declared = Number(/\((\d+)/.exec(shape.declared)?.[1] ?? LONGEST);
    // Four bytes a character at most; bytes are written as two digits.
    return isFreeText(form) ? 4 * declared : form.kind === "binary" ? 2 * declared : PLAIN_LENGTH;
  });
  return lengths.reduce((total, length) => total + length + 1, 0) > LONGEST;
}

/** First bytes of SHA-256 over the values and the lengths of free texts, as every engine hashes them. */
function hash(columns: readonly DialectColumn[], digits: 8 | 16): Written {
  const values = allOf(columns.map(value));
  if ("refused" in values) return values;
  if (mayBeTooLong(columns))
    return refuse(`A row may be longer than the ${LONGEST} bytes a text of Oracle's SQL holds`);
  const marked = values.texts.map((text) => `nvl(${text}, ${control(NULL_MARK)})`);
  const lengths =
    digits === 8
      ? []
      : columns.flatMap((column, place) =>
          isFreeText(column.form) ? [`to_char(nvl(lengthb(${values.texts[place]}), -1))`] : [],
        );
  const all = [...marked, ...lengths].join(` || ${control(VALUE_SEPARATOR)} || `);
  return write(
    `to_number(substr(rawtohex(standard_hash(${all}, 'SHA256')), 1, ${digits}), '${"X".repeat(digits)}')`,
  );
}

/** Oracle 12c and newer, character set AL32UTF8. The empty text is NULL here; no aggregate of XOR before 21c, so buckets are summed. */
export const oracle: Dialect = {
  engine: "oracle",
  quote: quoteName,
  familyOf: (declared) => FAMILIES[baseType(declared)] ?? "other",
  value,
  shape: ({ schema, name }) =>
    write(`select c.column_name, c.data_type, c.char_length, c.data_precision, c.data_scale, c.nullable, c.virtual_column, k.position
  from all_tab_cols c
  left join all_constraints p on p.owner = c.owner and p.table_name = c.table_name and p.constraint_type = 'P'
  left join all_cons_columns k on k.owner = p.owner and k.constraint_name = p.constraint_name and k.column_name = c.column_name
 where c.owner = ${quoteText(schema)} and c.table_name = ${quoteText(name)} and c.hidden_column = 'NO' order by c.column_id`),
  bucketHashes({ table, columns, keyLength }, space) {
    const parts = allOf([hash(columns, 16), hash(columns.slice(0, keyLength || columns.length), 8)]);
    if ("refused" in parts) return parts;
    if (space.kind === "row-hash") return refuse("Rows without a key are hashed in this process");
    const [row, key] = parts.texts;
    const leading = columns[0] ? quoteName(columns[0].shape.name) : "";
    const bucket =
      space.kind === "integer-range"
        ? `floor((${leading} - (${space.origin})) / ${space.width})`
        : `mod(${key}, ${space.buckets})`;
    return write(
      `select b, count(*), sum(h) from (select ${bucket} as b, ${row} as h from ${quoteName(table.schema)}.${quoteName(table.name)}) group by b`,
    );
  },
  rowsOfRange({ table, columns }) {
    const names = columns.map(({ shape }) => quoteName(shape.name));
    return write(
      `select ${names.join(", ")} from ${quoteName(table.schema)}.${quoteName(table.name)} where ${names[0]} >= :low and ${names[0]} < :high`,
    );
  },
  position: write("select to_char(current_scn) from v$database"),
  clock: "select sys_extract_utc(systimestamp) from dual",
};
