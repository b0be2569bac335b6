import type pg from "pg";
import { z } from "zod";
import { AppError } from "#domain/errors/app-error.ts";
import type { ColumnShape, TableShape, TypeFamily } from "#domain/reconciliation/engine/table-shape.ts";
import { readRows } from "#server/postgres/read-rows.ts";

export interface TableName {
  schema: string;
  name: string;
}

const Table = z.object({
  oid: z.number(),
  kind: z.string(),
  rows: z.coerce.number().nullable(),
  bytes: z.coerce.number(),
  key: z.array(z.string()),
});

const Column = z.object({
  name: z.string(),
  declared: z.string(),
  base: z.string(),
  category: z.string(),
  typmod: z.number(),
  nullable: z.boolean(),
  generated: z.string(),
  element: z.string().nullable(),
  elementCategory: z.string().nullable(),
});
type Column = z.infer<typeof Column>;

/** The table's columns, key and size from the live catalogue. */
export async function describePostgres(client: pg.ClientBase, table: TableName): Promise<TableShape> {
  const [found] = await readRows(client, Table, TABLE, [table.schema, table.name]);
  const name = `${table.schema}.${table.name}`;
  if (!found) throw new AppError("not_found", `There is no table ${name}`, { upstream: "PostgreSQL" });
  const columns = await readRows(client, Column, COLUMNS, [found.oid]);
  return {
    table: name,
    columns: columns.map(columnShape),
    key: found.key,
    estimatedRows: found.rows ?? undefined,
    bytes: found.bytes,
  };
}

function columnShape(column: Column): ColumnShape {
  const { name, declared, nullable, generated, typmod } = column;
  const family = familyOf(column.base, column.category);
  return {
    name,
    declared,
    family,
    nullable,
    generated: generated !== "",
    ...details(family, typmod),
    ...(column.element === null
      ? {}
      : {
          element: {
            name,
            declared: column.element,
            family: familyOf(column.element, column.elementCategory ?? ""),
            nullable: true,
            generated: false,
          },
        }),
  };
}

/** Modifiers of numeric hold scale in their lower 11 bits, of times the digits of a second; -1 leaves it open. */
function details(family: TypeFamily, typmod: number): Pick<ColumnShape, "scale" | "digits"> {
  if (typmod < 0) return {};
  if (family === "decimal") {
    const scale = (typmod - 4) & 0x7ff;
    return { scale: scale > 1_000 ? scale - 2_048 : scale };
  }
  return ["time", "timetz", "timestamp", "timestamptz"].includes(family) ? { digits: typmod } : {};
}

const FAMILIES: Record<string, TypeFamily> = {
  int2: "integer",
  int4: "integer",
  int8: "integer",
  oid: "integer",
  bool: "boolean",
  numeric: "decimal",
  money: "decimal",
  float4: "float32",
  float8: "float64",
  text: "text",
  varchar: "text",
  name: "text",
  citext: "text",
  bpchar: "char",
  uuid: "uuid",
  date: "date",
  time: "time",
  timetz: "timetz",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  interval: "interval",
  json: "json",
  jsonb: "json",
  bytea: "binary",
  bit: "bits",
  varbit: "bits",
};

function familyOf(base: string, category: string): TypeFamily {
  if (category === "A") return "array";
  if (category === "E") return "enum";
  return FAMILIES[base] ?? "other";
}

/** A table that was never analysed has -1 rows; a partitioned one is the sum of its leaves. */
const TABLE = `
select c.oid::int8::int4 as oid, c.relkind as kind,
       case when c.relkind = 'p'
            then (select sum(nullif(l.reltuples, -1)) from pg_partition_tree(c.oid) p join pg_class l on l.oid = p.relid where p.isleaf)
            else nullif(c.reltuples, -1) end as rows,
       case when c.relkind = 'p' then (select coalesce(sum(pg_table_size(relid)), 0) from pg_partition_tree(c.oid))
            else pg_table_size(c.oid) end as bytes,
       array(select a.attname::text from pg_index i cross join unnest(i.indkey::int2[]) with ordinality k(attnum, place)
               join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
              where i.indrelid = c.oid and i.indisprimary order by k.place) as key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relname = $2 and c.relkind in ('r', 'p', 'v', 'm', 'f')`;

/** A domain counts as the type beneath it; a NOT NULL that was never validated forbids nothing to the rows that are there. */
const COLUMNS = `
select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as declared, b.typname::text as base, b.typcategory as category,
       case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as typmod,
       not a.attnotnull or exists (select from pg_constraint n where n.conrelid = a.attrelid and n.contype = 'n' and not n.convalidated and n.conkey = array[a.attnum]) as nullable, a.attgenerated as generated,
       e.typname::text as element, e.typcategory as "elementCategory"
  from pg_attribute a join pg_type t on t.oid = a.atttypid
  join pg_type b on b.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
  left join pg_type e on e.oid = b.typelem and b.typcategory = 'A'
 where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum`;
