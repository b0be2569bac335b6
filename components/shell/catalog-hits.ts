import type { Route } from "next";
import { connectorPath } from "#components/connectors/connector-path.ts";
import { databasePath } from "#components/databases/database-path.ts";
import { pipelinePath, tablePath } from "#components/pipelines/pipeline-path.ts";
import type { CatalogHit } from "#domain/catalog/search.ts";

export interface HitWords {
  key: string;
  /** The field's own name. */
  name: string;
  /** Where it is, after the name. */
  where: string;
  href: Route;
}

export const HIT_GROUPS = [
  { kind: "table", heading: "Tables" },
  { kind: "pipeline", heading: "Pipelines" },
  { kind: "connector", heading: "Connectors" },
  { kind: "database", heading: "Databases" },
] as const satisfies readonly { kind: CatalogHit["kind"]; heading: string }[];

export function hitWords(hit: CatalogHit): HitWords {
  switch (hit.kind) {
    case "table":
      return {
        key: `table/${hit.cluster}/${hit.source}/${hit.table}`,
        name: hit.table,
        where: `${hit.source} · ${hit.cluster}`,
        href: tablePath(hit, hit.table),
      };
    case "pipeline":
      return {
        key: `pipeline/${hit.cluster}/${hit.source}`,
        name: hit.source,
        where: hit.cluster,
        href: pipelinePath(hit),
      };
    case "connector":
      return {
        key: `connector/${hit.cluster}/${hit.name}`,
        name: hit.name,
        where: `${hit.type} · ${hit.cluster}`,
        href: connectorPath(hit),
      };
    case "database":
      return {
        key: `database/${hit.id}`,
        name: hit.name,
        where: hit.engine,
        href: databasePath(hit.id),
      };
  }
}
