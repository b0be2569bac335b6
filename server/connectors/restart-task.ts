import { z } from "zod";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { ConnectorRef } from "#domain/connectors/schema.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";

export const RestartTaskInput = ConnectorRef.extend({ task: z.number().int().nonnegative() });
export type RestartTaskInput = z.infer<typeof RestartTaskInput>;

export async function restartTask(
  { db, connect }: Pick<Deps, "db" | "connect">,
  actor: Actor,
  { cluster, name, task }: RestartTaskInput,
): Promise<void> {
  requirePermission(actor, "connectors:operate");
  await audited(
    db,
    actor,
    { action: "connector.restart-task", subject: { cluster, connector: name, task: String(task) } },
    () => throughRebalance(() => connect(cluster).restartTask(name, task)),
  );
}
