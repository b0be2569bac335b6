import { and, desc, eq } from "drizzle-orm";
import { connectorVersions } from "#db/schema/connectors.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ConnectorConfig, ConnectorRef } from "#domain/connectors/schema.ts";
import type { VersionOrigin } from "#domain/connectors/version.ts";
import type { Deps } from "#server/deps.ts";

export interface ConnectorVersion {
  version: number;
  config: ConnectorConfig;
  origin: VersionOrigin;
  authorName: string;
  at: Date;
  planId: string | null;
  note: string | null;
}

/** Newest first. */
export async function listVersions(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<ConnectorVersion[]> {
  requirePermission(actor, "console:view");
  return db
    .select({
      version: connectorVersions.version,
      config: connectorVersions.config,
      origin: connectorVersions.origin,
      authorName: connectorVersions.authorName,
      at: connectorVersions.at,
      planId: connectorVersions.planId,
      note: connectorVersions.note,
    })
    .from(connectorVersions)
    .where(and(eq(connectorVersions.cluster, cluster), eq(connectorVersions.name, name)))
    .orderBy(desc(connectorVersions.version))
    .limit(500);
}
