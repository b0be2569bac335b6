import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";

/** Connect answers 202 and converges later: resolving means "accepted", not "paused". */
export async function pauseConnector(
  { db, connect }: Pick<Deps, "db" | "connect">,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<void> {
  requirePermission(actor, "connectors:operate");
  await audited(db, actor, { action: "connector.pause", subject: { cluster, connector: name } }, async () => {
    const { connector } = await connect(cluster).status(name);
    // Connect would turn a stopped connector into a paused one, which starts its tasks again.
    if (connector.state === "STOPPED") throw new AppError("conflict", `${name} is stopped; resume it first`);
    await throughRebalance(() => connect(cluster).pause(name));
  });
}
