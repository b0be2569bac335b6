import { z } from "zod";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { ConnectorRef } from "#domain/connectors/schema.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";

export const RestartInput = ConnectorRef.extend({
  /** `failed`: the connector and tasks that failed; `all`: the connector and every task. */
  scope: z.enum(["failed", "all"]),
});
export type RestartInput = z.infer<typeof RestartInput>;

export async function restartConnector(
  { db, connect }: Pick<Deps, "db" | "connect">,
  actor: Actor,
  { cluster, name, scope }: RestartInput,
): Promise<void> {
  requirePermission(actor, "connectors:operate");
  await audited(
    db,
    actor,
    { action: "connector.restart", subject: { cluster, connector: name }, detail: { scope } },
    () => throughRebalance(() => connect(cluster).restart(name, { onlyFailed: scope === "failed" })),
  );
}
