import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";

/** Starts a paused or stopped connector; accepted at once, running later. */
export async function resumeConnector(
  { db, connect }: Pick<Deps, "db" | "connect">,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<void> {
  requirePermission(actor, "connectors:operate");
  await audited(db, actor, { action: "connector.resume", subject: { cluster, connector: name } }, () =>
    throughRebalance(() => connect(cluster).resume(name)),
  );
}
