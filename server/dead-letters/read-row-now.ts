import type pg from "pg";
import { z } from "zod";
import { quoteName } from "#domain/databases/sql-quoting.ts";
import { keyCondition, type RowKey, splitTableName } from "#domain/dead-letters/row-address.ts";
import type { ReadColumn, RowState } from "#domain/dead-letters/row-comparison.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { readConnectorUses } from "#server/databases/read-connector-uses.ts";
import type { RegisteredDatabase } from "#server/databases/registered-database.ts";
import { withReadonlyConnection } from "#server/databases/with-readonly-connection.ts";
import type { Deps } from "#server/deps.ts";
import { readRows } from "#server/postgres/read-rows.ts";

/** A row as a database has it at this moment, or why it was not read. */
export interface RowReading {
  state: RowState;
  /** Why it is unknown, in one sentence. */
  problem: string | undefined;
  database: { id: string; name: string } | undefined;
  /** As it was found in the catalogue, or as it is expected there. */
  table: string | undefined;
  columns: ReadColumn[] | undefined;
  readAt: Date | undefined;
}

const VALUE_LIMIT = 4_000;

type Needs = Pick<Deps, "db" | "config" | "vault" | "readonlyPools" | "now">;

export function notRead(problem: string, table?: string): RowReading {
  return { state: "unknown", problem, database: undefined, table, columns: undefined, readAt: undefined };
}

/** The row of a key in the registered database that a connector works with. Anything in the way is said, not thrown. */
export async function readRowNow(
  deps: Needs,
  registered: readonly RegisteredDatabase[],
  connector: { cluster: string; name: string; end: "source" | "target" },
  table: string | undefined,
  key: RowKey | undefined,
): Promise<RowReading> {
  const { cluster, name, end } = connector;
  const uses = await readConnectorUses(deps.db, deps, registered);
  const used = registered.filter(({ id }) =>
    uses.get(id)?.some((use) => use.cluster === cluster && use.name === name),
  );
  const [database] = used;
  if (!database)
    return notRead(`The ${end} database of ${name} is not registered; register it to see the row`, table);
  const named = { database: { id: database.id, name: database.name }, table };
  if (table === undefined)
    return { ...notRead(`Only the running task knows which table ${name} uses for this topic`), ...named };
  if (!key) return { ...notRead("The record has no key, so its row cannot be looked up", table), ...named };
  try {
    const found = await withReadonlyConnection(deps, database, (client) => readRow(client, table, key));
    return { ...named, ...found, readAt: deps.now() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ...notRead(`${database.name} was not read: ${error.message}`, table), ...named };
  }
}

const CatalogColumn = z.object({
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  type: z.string(),
  base: z.string(),
});

async function readRow(
  client: pg.ClientBase,
  tableName: string,
  key: RowKey,
): Promise<Pick<RowReading, "state" | "problem" | "columns" | "table">> {
  const { schema, table } = splitTableName(tableName);
  const catalogue = await readRows(
    client,
    CatalogColumn,
    `select n.nspname as schema, c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type, t.typname as base
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       join pg_type t on t.oid = a.atttypid
      where c.relkind in ('r', 'p') and lower(c.relname) = lower($1) and ($2::text is null or n.nspname = $2)
        and n.nspname not in ('pg_catalog', 'information_schema')
      order by c.relname = $1 desc, n.nspname = 'public' desc, n.nspname, c.relname, a.attnum`,
    [table, schema ?? null],
  );
  const [first] = catalogue;
  if (!first) return { ...notRead(`There is no table ${tableName}`, tableName) };
  const columns = catalogue.filter(
    (column) => column.schema === first.schema && column.table === first.table,
  );
  const place = `${first.schema}.${first.table}`;
  const condition = keyCondition(key, columns);
  if (condition.problem) return notRead(`In ${place}, ${condition.problem}`, place);
  const values: string[] = [];
  const texts = condition.columns.map(({ name, base, value }) =>
    value === null
      ? `${quoteName(name)} is null`
      : `${quoteName(name)} = $${values.push(value)}::pg_catalog.${quoteName(base)}`,
  );
  const rows = await readRows(
    client,
    z.record(z.string(), z.string().nullable()),
    `select ${columns.map(({ name }, index) => `left(${quoteName(name)}::text, ${VALUE_LIMIT}) as c${index}`).join(", ")}
       from ${quoteName(first.schema)}.${quoteName(first.table)} where ${texts.join(" and ")} limit 2`,
    values,
  );
  const [row] = rows;
  if (!row) return { state: "missing", problem: undefined, columns: undefined, table: place };
  return {
    state: "found",
    problem: rows.length > 1 ? `${place} has more than one row with this key; the first is shown` : undefined,
    columns: columns.map(({ name, type }, index) => ({ name, type, value: row[`c${index}`] ?? null })),
    table: place,
  };
}
