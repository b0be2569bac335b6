import type { TableRef } from "#domain/connectors/postgres-source.ts";
import type { CatalogTable } from "#domain/databases/catalog-table.ts";

export interface SchemaGroup {
  schema: string;
  tables: CatalogTable[];
  /** Of all tables of the schema, shown or not. */
  chosen: number;
}

const idOf = ({ schema, table }: TableRef) => `${schema}\u0000${table}`;

/** Tables whose name holds all words, by schema. */
export function groupTables(
  tables: readonly CatalogTable[],
  words: string,
  chosen: readonly TableRef[],
): SchemaGroup[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const matching = tables.filter((table) =>
    wanted.every((word) => `${table.schema}.${table.name}`.toLowerCase().includes(word)),
  );
  return [...Map.groupBy(matching, (table) => table.schema)]
    .map(([schema, group]) => ({
      schema,
      tables: group,
      chosen: chosen.filter((each) => each.schema === schema).length,
    }))
    .sort((a, b) => (a.schema < b.schema ? -1 : 1));
}

export function isChosen(chosen: readonly TableRef[], table: CatalogTable): boolean {
  return chosen.some((each) => each.schema === table.schema && each.table === table.name);
}

export function toggleTable(chosen: readonly TableRef[], table: CatalogTable): TableRef[] {
  const ref = { schema: table.schema, table: table.name };
  return isChosen(chosen, table)
    ? chosen.filter((each) => idOf(each) !== idOf(ref))
    : sorted([...chosen, ref]);
}

/** All of these if one was missing, else none of them; tables not shown stay as they were. */
export function toggleTables(chosen: readonly TableRef[], shown: readonly CatalogTable[]): TableRef[] {
  const refs = shown.map((table) => ({ schema: table.schema, table: table.name }));
  const ids = new Set(refs.map(idOf));
  const rest = chosen.filter((each) => !ids.has(idOf(each)));
  return rest.length === chosen.length - refs.length ? rest : sorted([...rest, ...refs]);
}

function sorted(refs: TableRef[]): TableRef[] {
  return refs.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

/** Why a table needs a thought before it is captured. */
export function tableWarning(table: CatalogTable): string | undefined {
  if (table.unlogged) return "Unlogged: its changes never reach the log, so they cannot be captured";
  if (!table.readable) return "Headgate's read-only role may not read it";
  if (
    table.primaryKey.length === 0 &&
    table.replicaIdentity !== "full" &&
    table.replicaIdentity !== "index"
  ) {
    return "No primary key: updates and deletes cannot be captured, and a sink cannot upsert it";
  }
  if (table.primaryKey.length === 0) return "No primary key: a sink cannot upsert it";
  if (table.replicaIdentity === "nothing")
    return "Replica identity nothing: updates and deletes of it fail once it is published";
  return undefined;
}
