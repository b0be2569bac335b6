import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";

/** Ends the tasks and keeps configuration and position; resume starts them again. */
export async function stopConnector(
  { db, connect }: Pick<Deps, "db" | "connect">,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<void> {
  requirePermission(actor, "connectors:operate");
  await audited(db, actor, { action: "connector.stop", subject: { cluster, connector: name } }, () =>
    throughRebalance(() => connect(cluster).stop(name)),
  );
}
