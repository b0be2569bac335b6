import { and, asc, eq, ilike, isNull, or, type SQL, sql } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { databases } from "#db/schema/databases.ts";
import { observedConnectors, tableProgress } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { CatalogHit, CatalogSearch } from "#domain/catalog/search.ts";
import type { Deps } from "#server/deps.ts";

const PER_KIND = 8;

/** Everything with a name that holds all the words, best matches of each kind first. */
export async function searchCatalog(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { text }: CatalogSearch,
): Promise<CatalogHit[]> {
  requirePermission(actor, "console:view");
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return [];
  const [connectors, tables, registered] = await Promise.all([
    db
      .select({
        cluster: observedConnectors.cluster,
        name: observedConnectors.name,
        type: observedConnectors.type,
      })
      .from(observedConnectors)
      .where(and(isNull(observedConnectors.removedAt), holdsAll(words, observedConnectors.name)))
      .orderBy(beginsWith(observedConnectors.name, text), asc(observedConnectors.name))
      .limit(PER_KIND),
    db
      .select({ cluster: tableProgress.cluster, source: tableProgress.source, table: tableProgress.name })
      .from(tableProgress)
      .where(holdsAll(words, tableProgress.name, tableProgress.source))
      .orderBy(beginsWith(tableProgress.name, text), asc(tableProgress.name), asc(tableProgress.source))
      .limit(PER_KIND),
    db
      .select({ id: databases.id, name: databases.name, engine: databases.engine })
      .from(databases)
      .where(holdsAll(words, databases.name, databases.host, databases.databaseName))
      .orderBy(beginsWith(databases.name, text), asc(databases.name))
      .limit(PER_KIND),
  ]);
  const pipelines = connectors.filter(({ type }) => type === "source");
  return [
    ...pipelines.map(({ cluster, name }): CatalogHit => ({ kind: "pipeline", cluster, source: name })),
    ...connectors.map((hit): CatalogHit => ({ kind: "connector", ...hit })),
    ...tables.map((hit): CatalogHit => ({ kind: "table", ...hit })),
    ...registered.map((hit): CatalogHit => ({ kind: "database", ...hit })),
  ];
}

/** Each word in any of the columns. */
function holdsAll(words: readonly string[], ...columns: PgColumn[]): SQL | undefined {
  return and(...words.map((word) => or(...columns.map((column) => ilike(column, `%${escaped(word)}%`)))));
}

function beginsWith(column: PgColumn, text: string): SQL {
  return sql`case when ${eq(sql`lower(${column})`, text.toLowerCase())} then 0
    when ${ilike(column, `${escaped(text)}%`)} then 1 else 2 end`;
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
