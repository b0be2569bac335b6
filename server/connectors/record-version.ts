import { and, desc, eq, sql } from "drizzle-orm";
import type { DbOrTx } from "#db/client.ts";
import { connectorVersions } from "#db/schema/connectors.ts";
import { withoutName } from "#domain/connectors/config-diff.ts";
import type { ConnectorConfig, ConnectorRef } from "#domain/connectors/schema.ts";
import type { VersionOrigin } from "#domain/connectors/version.ts";

export interface NewVersion extends ConnectorRef {
  config: ConnectorConfig;
  origin: VersionOrigin;
  author: { id: string; name: string };
  at: Date;
  planId: string | null;
  note: string | undefined;
}

/** Adds the next version and gives its number; the same plan adds at most one, however often it is run. */
export async function recordVersion(tx: DbOrTx, version: NewVersion): Promise<number> {
  const { cluster, name } = version;
  await tx.execute(
    sql`select pg_advisory_xact_lock(hashtextextended(${`connector-version:${cluster}/${name}`}, 0))`,
  );
  const last = await latestVersion(tx, { cluster, name });
  const next = (last?.version ?? 0) + 1;
  const [added] = await tx
    .insert(connectorVersions)
    .values({
      cluster,
      name,
      version: next,
      config: withoutName(version.config),
      origin: version.origin,
      authorId: version.author.id,
      authorName: version.author.name,
      at: version.at,
      planId: version.planId,
      note: version.note ?? null,
    })
    .onConflictDoNothing({
      target: [connectorVersions.cluster, connectorVersions.name, connectorVersions.planId],
    })
    .returning({ version: connectorVersions.version });
  return added?.version ?? next - 1;
}

export async function latestVersion(tx: DbOrTx, { cluster, name }: ConnectorRef) {
  const [row] = await tx
    .select()
    .from(connectorVersions)
    .where(and(eq(connectorVersions.cluster, cluster), eq(connectorVersions.name, name)))
    .orderBy(desc(connectorVersions.version))
    .limit(1);
  return row;
}
