import { observedConnectors } from "#db/schema/observed.ts";
import type { Deps } from "#server/deps.ts";

type Observed = typeof observedConnectors.$inferInsert;

/** What the observer would have stored of a connector that runs. */
export async function storeObserved(
  { db }: Pick<Deps, "db">,
  connector: Pick<Observed, "name" | "type"> & Partial<Observed>,
): Promise<void> {
  const at = new Date();
  await db.insert(observedConnectors).values({
    cluster: "lab",
    plugin: connector.config?.["connector.class"] ?? "x",
    state: "RUNNING",
    tasks: [],
    config: {},
    plaintextSecretKeys: [],
    worker: "worker:8083",
    fingerprint: connector.name,
    seenAt: at,
    changedAt: at,
    stateChangedAt: at,
    ...connector,
  });
}
