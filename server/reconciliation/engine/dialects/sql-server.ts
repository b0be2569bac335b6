import { isFreeText, NULL_MARK, VALUE_SEPARATOR } from "#domain/reconciliation/engine/canonical-form.ts";
import type { TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { allOf, baseType, type Dialect, type DialectColumn, refuse, type Written, write } from "./dialect.ts";

const FAMILIES: Record<string, TypeFamily> = {
  tinyint: "integer",
  smallint: "integer",
  int: "integer",
  bigint: "integer",
  bit: "boolean",
  decimal: "decimal",
  numeric: "decimal",
  money: "decimal",
  smallmoney: "decimal",
  real: "float32",
  float: "float64",
  char: "char",
  nchar: "char",
  varchar: "text",
  nvarchar: "text",
  text: "text",
  ntext: "text",
  uniqueidentifier: "uuid",
  date: "date",
  time: "time",
  smalldatetime: "timestamp",
  datetime: "timestamp",
  datetime2: "timestamp",
  datetimeoffset: "timestamptz",
  binary: "binary",
  varbinary: "binary",
};

const WIDEST = 38;
const quote = (name: string) => `[${name.replaceAll("]", "]]")}]`;
const control = (character: string) => `char(${character.charCodeAt(0)})`;
/** Hashes are taken over bytes: those of UTF-8, which collations know since SQL Server 2019. */
const utf8 = (text: string) => `cast(${text} collate Latin1_General_100_BIN2_UTF8 as varchar(max))`;

function value({ shape, form }: DialectColumn): Written {
  const name = quote(shape.name);
  switch (form.kind) {
    case "integer":
      return write(`cast(${name} as varchar(20))`);
    case "boolean":
      return write(`case when ${name} <> 0 then '1' when ${name} = 0 then '0' end`);
    case "decimal":
      return form.scale === undefined
        ? refuse("SQL Server writes decimals with all zeros of their scale, and cannot trim them before 2022")
        : write(`cast(cast(${name} as decimal(${WIDEST}, ${form.scale})) as varchar(41))`);
    case "text":
      return write(form.blankPadded ? `rtrim(${utf8(name)})` : utf8(name));
    case "uuid":
      return write(`lower(cast(${name} as char(36)))`);
    case "date":
      return write(`convert(char(10), ${name}, 23)`);
    case "time":
      return write(`convert(varchar(16), cast(${name} as time(${form.digits})), 121)`);
    case "timestamp": {
      const utc = form.utc && shape.family === "timestamptz" ? `switchoffset(${name}, '+00:00')` : name;
      const moment = form.rounded
        ? `cast(${utc} as datetime2(${form.digits}))`
        : `cast(${utc} as datetime2(7))`;
      const fraction = `substring(convert(varchar(27), ${moment}, 121), 20, ${form.digits + 1})`;
      const trimmed = `replace(rtrim(replace(${fraction}, '0', ' ')), ' ', '0')`;
      return write(`convert(char(19), ${moment}, 120) + isnull(nullif(${trimmed}, '.'), '')`);
    }
    case "binary":
      return write(`lower(convert(varchar(max), ${name}, 2))`);
    case "float":
      return refuse("SQL Server does not write a float with its shortest digits");
    case "json":
      return refuse("SQL Server keeps JSON as text, and does not tell its meaning");
    case "array":
      return refuse("SQL Server has no arrays");
    case "native":
      return refuse("The engine's own text means something only to the same engine");
  }
}

/** First bytes of SHA-256 over the values and the lengths of free texts, as every engine hashes them. */
function hash(columns: readonly DialectColumn[], bytes: 4 | 8): Written {
  const values = allOf(columns.map(value));
  if ("refused" in values) return values;
  const marked = values.texts.map((text) => `coalesce(${text}, ${control(NULL_MARK)})`);
  const lengths =
    bytes === 4
      ? []
      : columns.flatMap((column, place) =>
          isFreeText(column.form)
            ? [`cast(coalesce(datalength(${values.texts[place]}), -1) as varchar(20))`]
            : [],
        );
  const all = [...marked, ...lengths].join(` + ${control(VALUE_SEPARATOR)} + `);
  return write(`convert(bigint, substring(hashbytes('SHA2_256', ${utf8(all)}), 1, ${bytes}))`);
}

/** SQL Server 2019 and newer. It has no aggregate of XOR: buckets are summed, as decimals, which do not overflow. */
export const sqlServer: Dialect = {
  engine: "sqlserver",
  quote,
  familyOf: (declared) => FAMILIES[baseType(declared)] ?? "other",
  value,
  shape: ({ schema, name }) =>
    write(`select c.name, t.name as declared, c.precision, c.scale, c.is_nullable, c.is_computed, k.key_ordinal
  from sys.columns c join sys.types t on t.user_type_id = c.user_type_id
  left join sys.indexes i on i.object_id = c.object_id and i.is_primary_key = 1
  left join sys.index_columns k on k.object_id = i.object_id and k.index_id = i.index_id and k.column_id = c.column_id
 where c.object_id = object_id('${`${quote(schema)}.${quote(name)}`.replaceAll("'", "''")}') order by c.column_id`),
  bucketHashes({ table, columns, keyLength }, space) {
    const parts = allOf([hash(columns, 8), hash(columns.slice(0, keyLength || columns.length), 4)]);
    if ("refused" in parts) return parts;
    const [row, key] = parts.texts;
    const leading = columns[0] ? quote(columns[0].shape.name) : "";
    const bucket =
      space.kind === "integer-range"
        ? `(${leading} - (${space.origin}) - case when ${leading} < ${space.origin} then ${space.width - 1n} else 0 end) / ${space.width}`
        : space.kind === "key-hash"
          ? `${key} % ${space.buckets}`
          : refuse("Rows without a key are hashed in this process");
    if (typeof bucket !== "string") return bucket;
    return write(
      `select b, count_big(*), sum(cast(h as decimal(38, 0))) from (select ${bucket} as b, ${row} as h from ${quote(table.schema)}.${quote(table.name)}) r group by b`,
    );
  },
  rowsOfRange({ table, columns }) {
    const names = columns.map(({ shape }) => quote(shape.name));
    return write(
      `select ${names.join(", ")} from ${quote(table.schema)}.${quote(table.name)} where ${names[0]} >= @from and ${names[0]} < @to`,
    );
  },
  position: write("select sys.fn_cdc_get_max_lsn()"),
  clock: "select sysutcdatetime()",
};
