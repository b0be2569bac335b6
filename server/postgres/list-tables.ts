import type pg from "pg";
import { z } from "zod";
import type { CatalogTable } from "#domain/databases/catalog-table.ts";
import { readRows } from "./read-rows.ts";

const Row = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.string(),
  unlogged: z.boolean(),
  estimatedRows: z.coerce.number().nullable(),
  bytes: z.coerce.number(),
  columns: z.coerce.number(),
  generatedColumns: z.array(z.string()),
  primaryKey: z.array(z.string()),
  replicaIdentity: z.string(),
  readable: z.boolean(),
  total: z.coerce.number(),
});

/** Tables of the live catalogue outside the system schemas, partitions under their parent, largest first within the limit. */
export async function listCatalogTables(
  client: pg.ClientBase,
  { search, limit }: { search: string; limit: number },
): Promise<{ tables: CatalogTable[]; total: number }> {
  const rows = await readRows(client, Row, TABLES, [`%${search.replaceAll(/[\\%_]/g, "\\$&")}%`, limit]);
  return {
    total: rows[0]?.total ?? 0,
    tables: rows.map(({ total: _total, kind, replicaIdentity, ...table }) => ({
      ...table,
      partitioned: kind === "p",
      replicaIdentity: IDENTITY[replicaIdentity] ?? "default",
    })),
  };
}

const IDENTITY: Record<string, CatalogTable["replicaIdentity"]> = {
  d: "default",
  n: "nothing",
  f: "full",
  i: "index",
};

/** reltuples is -1 before the first ANALYZE. A partitioned table's rows and bytes are those of its leaves. */
const TABLES = `
with named as (
  select c.oid, n.nspname, c.relname, c.relkind, c.relpersistence, c.relreplident, c.reltuples
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and not c.relispartition and c.relpersistence <> 't'
     and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     and n.nspname || '.' || c.relname ilike $1
), sized as (
  select named.*,
         case when relkind = 'p' then (select coalesce(sum(pg_total_relation_size(relid)), 0) from pg_partition_tree(oid))
              else pg_total_relation_size(oid) end as bytes,
         count(*) over () as total
    from named
)
select nspname as schema, relname as name, relkind as kind, relpersistence = 'u' as unlogged, bytes, total,
       case when relkind = 'p'
            then (select sum(nullif(l.reltuples, -1)) from pg_partition_tree(s.oid) t join pg_class l on l.oid = t.relid where t.isleaf)
            else nullif(reltuples, -1) end as "estimatedRows",
       (select count(*) from pg_attribute a where a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped) as columns,
       array(select a.attname::text from pg_attribute a
              where a.attrelid = s.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated <> '' order by a.attnum) as "generatedColumns",
       array(select a.attname::text from pg_index i cross join unnest(i.indkey::int2[]) with ordinality k(attnum, place)
               join pg_attribute a on a.attrelid = s.oid and a.attnum = k.attnum
              where i.indrelid = s.oid and i.indisprimary order by k.place) as "primaryKey",
       relreplident as "replicaIdentity",
       has_table_privilege(s.oid, 'select') and has_schema_privilege(nspname, 'usage') as readable
  from sized s order by bytes desc, nspname, relname limit $2`;
