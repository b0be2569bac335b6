import type mysql from "mysql2/promise";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import type { ColumnShape, TableShape, TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { readRows } from "#server/mariadb/read-rows.ts";
import type { TableName } from "./describe-postgres.ts";

const Table = z.object({ rows: z.coerce.number().nullable(), bytes: z.coerce.number().nullable() });

const Column = z.object({
  name: z.string(),
  declared: z.string(),
  base: z.string(),
  nullable: z.string(),
  generated: z.string(),
  precision: z.coerce.number().nullable(),
  scale: z.coerce.number().nullable(),
  digits: z.coerce.number().nullable(),
  collation: z.string().nullable(),
  keyPlace: z.coerce.number().nullable(),
  isJson: z.coerce.number(),
});
type Column = z.infer<typeof Column>;

/** What MariaDB's catalogue adds to a column's shape and its SQL needs. */
export interface MariadbShape extends ColumnShape {
  /** Of text; an index can only be used by a comparison in the column's own. */
  collation: string | undefined;
}

export interface MariadbTable extends TableShape {
  columns: readonly MariadbShape[];
}

/** The table's columns, key and size from the live catalogue; `schema` is MariaDB's database. */
export async function describeMariadb(client: mysql.Connection, table: TableName): Promise<MariadbTable> {
  const place = [table.schema, table.name];
  const [found] = await readRows(
    client,
    Table,
    "select table_rows as `rows`, data_length as bytes from information_schema.tables where table_schema = ? and table_name = ?",
    place,
  );
  const name = `${table.schema}.${table.name}`;
  if (!found) throw new AppError("not_found", `There is no table ${name}`, { upstream: "MariaDB" });
  const columns = await readRows(client, Column, COLUMNS, place);
  return {
    table: name,
    columns: columns.map(columnShape),
    key: columns
      .filter(({ keyPlace }) => keyPlace !== null)
      .sort((a, b) => (a.keyPlace ?? 0) - (b.keyPlace ?? 0))
      .map((column) => column.name),
    estimatedRows: found.rows ?? undefined,
    bytes: found.bytes ?? undefined,
  };
}

function columnShape(column: Column): MariadbShape {
  const { name, declared } = column;
  const family = familyOf(column);
  return {
    name,
    declared,
    family,
    nullable: column.nullable === "YES",
    generated: column.generated === "ALWAYS",
    collation: column.collation ?? undefined,
    ...(family === "decimal" ? { scale: column.scale ?? 0 } : {}),
    ...(["time", "timestamp", "timestamptz"].includes(family) ? { digits: column.digits ?? 0 } : {}),
  };
}

const FAMILIES: Record<string, TypeFamily> = {
  tinyint: "integer",
  smallint: "integer",
  mediumint: "integer",
  int: "integer",
  bigint: "integer",
  year: "integer",
  decimal: "decimal",
  float: "float32",
  double: "float64",
  char: "char",
  varchar: "text",
  tinytext: "text",
  text: "text",
  mediumtext: "text",
  longtext: "text",
  enum: "enum",
  set: "enum",
  uuid: "uuid",
  date: "date",
  time: "time",
  datetime: "timestamp",
  timestamp: "timestamptz",
  binary: "binary",
  varbinary: "binary",
  tinyblob: "binary",
  blob: "binary",
  mediumblob: "binary",
  longblob: "binary",
};

/** JSON is an alias here: text with a check that it is valid. A single bit is what Debezium calls a boolean. */
function familyOf({ base, declared, isJson }: Column): TypeFamily {
  if (base === "bit") return declared === "bit(1)" ? "boolean" : "bits";
  if (isJson === 1) return "json";
  return FAMILIES[base] ?? "other";
}

const COLUMNS = `
select c.column_name as name, c.column_type as declared, c.data_type as base, c.is_nullable as nullable, c.is_generated as generated,
       c.numeric_precision as \`precision\`, c.numeric_scale as scale, c.datetime_precision as digits, c.collation_name as collation,
       s.seq_in_index as keyPlace,
       exists (select 1 from information_schema.check_constraints k
                where k.constraint_schema = c.table_schema and k.table_name = c.table_name and k.level = 'Column' and k.constraint_name = c.column_name
                  and replace(k.check_clause, '\`', '') = concat('json_valid(', c.column_name, ')')) as isJson
  from information_schema.columns c
  left join information_schema.statistics s on s.table_schema = c.table_schema and s.table_name = c.table_name
        and s.index_name = 'PRIMARY' and s.column_name = c.column_name
 where c.table_schema = ? and c.table_name = ? order by c.ordinal_position`;
