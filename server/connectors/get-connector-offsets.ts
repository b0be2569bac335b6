import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";

export interface StoredOffset {
  partition: Record<string, string>;
  offset: Record<string, string> | null;
}

/** The positions Connect stored: a source's place in the log, a sink's place in each topic. */
export async function getConnectorOffsets(
  { connect, limits }: Pick<Deps, "connect" | "limits">,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<StoredOffset[]> {
  requirePermission(actor, "console:view");
  await limitExpensive({ limits }, actor, "connectors.offsets");
  const { offsets } = await connect(cluster).offsets(name);
  return offsets
    .map(({ partition, offset }) => ({ partition: asText(partition), offset: offset && asText(offset) }))
    .sort((a, b) =>
      positionKey(a.partition).localeCompare(positionKey(b.partition), "en", { numeric: true }),
    );
}

function asText(value: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, typeof item === "string" ? item : JSON.stringify(item)]),
  );
}

function positionKey(partition: Record<string, string>): string {
  return `${partition.kafka_topic ?? ""} ${partition.kafka_partition ?? ""} ${JSON.stringify(partition)}`;
}
