import type mysql from "mysql2/promise";
import { z } from "zod";
import type { CatalogTable } from "#domain/databases/catalog-table.ts";
import { readRows } from "./read-rows.ts";

const Names = z
  .string()
  .nullable()
  .transform((names) => (names === null ? [] : z.array(z.string()).parse(JSON.parse(names))));

const Row = z.object({
  schema: z.string(),
  name: z.string(),
  partitioned: z.coerce.number().transform(Boolean),
  estimatedRows: z.coerce.number().nullable(),
  bytes: z.coerce.number(),
  columns: z.coerce.number(),
  generatedColumns: Names,
  primaryKey: Names,
  rowImage: z.string(),
  total: z.coerce.number(),
});

/** Tables of the registered database as its catalogue shows them now, largest first within the limit. */
export async function listCatalogTables(
  client: mysql.Connection,
  { search, limit }: { search: string; limit: number },
): Promise<{ tables: CatalogTable[]; total: number }> {
  const rows = await readRows(client, Row, TABLES, [
    `%${search.toLowerCase().replaceAll(/[\\%_]/g, "\\$&")}%`,
    String(limit),
  ]);
  return {
    total: rows[0]?.total ?? 0,
    tables: rows.map(({ total: _total, rowImage, ...table }) => ({
      ...table,
      unlogged: false,
      replicaIdentity: rowImage === "FULL" ? "full" : "default",
      // information_schema shows no table that the account may not see.
      readable: true,
    })),
  };
}

const TABLES = `
select t.table_schema as \`schema\`, t.table_name as name, coalesce(t.create_options like '%partitioned%', 0) as partitioned,
       t.table_rows as estimatedRows, coalesce(t.data_length + t.index_length, 0) as bytes, @@global.binlog_row_image as rowImage,
       count(*) over () as total,
       (select count(*) from information_schema.columns c where c.table_schema = t.table_schema and c.table_name = t.table_name) as columns,
       (select json_arrayagg(c.column_name order by c.ordinal_position) from information_schema.columns c
         where c.table_schema = t.table_schema and c.table_name = t.table_name and c.is_generated = 'ALWAYS') as generatedColumns,
       (select json_arrayagg(s.column_name order by s.seq_in_index) from information_schema.statistics s
         where s.table_schema = t.table_schema and s.table_name = t.table_name and s.index_name = 'PRIMARY') as primaryKey
  from information_schema.tables t
 where t.table_type = 'BASE TABLE' and t.table_schema = database()
   and lower(concat(t.table_schema, '.', t.table_name)) like ?
 order by bytes desc, t.table_name limit ?`;
