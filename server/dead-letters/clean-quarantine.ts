import { and, eq, isNull, lt, sql } from "drizzle-orm";
import { observedConnectors } from "#db/schema/observed.ts";
import { runLocks } from "#db/schema/plans.ts";
import type { Actor } from "#domain/access/permissions.ts";
import { connectorHealth } from "#domain/connectors/health.ts";
import {
  passedEntries,
  QUARANTINE_CLASS,
  quarantinedBy,
  removeFromQuarantine,
  TAKE_OFF_ACTION,
} from "#domain/dead-letters/quarantine-list.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";

/** A sink that changed a moment ago may be in somebody's hands: the change here restarts its tasks. */
const QUIET_MS = 60_000;

const CLEANER: Actor = { id: "system:dead-letters", name: "Dead letters", roles: [], via: "worker" };

/**
 * Takes entries off the quarantine lists of running sinks that have committed past them: what a quarantine run could not
 * do because the sink was still behind, or because it was aborted. A sink that a run works on is left to the run.
 * Returns how many entries went.
 */
export async function cleanQuarantineLists(
  deps: Pick<Deps, "db" | "config" | "connect" | "kafka" | "log" | "now">,
): Promise<number> {
  const known = new Set(deps.config.clusters.map(({ name }) => name));
  const candidates = await deps.db
    .select({ cluster: observedConnectors.cluster, name: observedConnectors.name })
    .from(observedConnectors)
    .where(
      and(
        eq(observedConnectors.type, "sink"),
        isNull(observedConnectors.removedAt),
        lt(observedConnectors.changedAt, new Date(deps.now().getTime() - QUIET_MS)),
        sql`exists (select 1 from jsonb_each_text(${observedConnectors.config}) as entry where entry.value = ${QUARANTINE_CLASS})`,
      ),
    );
  let removed = 0;
  for (const { cluster, name } of candidates) {
    if (!known.has(cluster)) continue;
    try {
      removed += await cleanOne(deps, cluster, name);
    } catch (error) {
      // Connect or Kafka is away, or the sink is gone: the next round looks again.
      if (!(error instanceof AppError)) throw error;
      deps.log.info({ cluster, sink: name, reason: error.message }, "a quarantine list was not cleaned");
    }
  }
  return removed;
}

async function cleanOne(
  deps: Pick<Deps, "db" | "connect" | "kafka">,
  cluster: string,
  name: string,
): Promise<number> {
  const connect = deps.connect(cluster);
  const status = await connect.status(name);
  // The change restarts the tasks: only a sink that runs is past its trouble for sure.
  const health = connectorHealth(
    status.connector.state,
    status.tasks.map((task) => task.state),
  );
  if (health !== "healthy") return 0;
  const config = await connect.config(name);
  const entries = quarantinedBy(config);
  if (entries.length === 0) return 0;
  const committed = await deps
    .kafka(cluster)
    .committedOffsets(`connect-${name}`, [...new Set(entries.map(({ topic }) => topic))]);
  const passed = passedEntries(entries, (topic, partition) => committed.get(topic)?.get(partition));
  if (passed.length === 0 || (await isWorkedOn(deps, cluster, name))) return 0;
  const act = {
    action: TAKE_OFF_ACTION,
    subject: { cluster, connector: name },
    detail: { records: passed.map(positionText), patch: removeFromQuarantine(config, passed) },
  };
  await audited(deps.db, CLEANER, act, async () => {
    // Read once more: what was set aside a moment ago must not be lost.
    const patch = removeFromQuarantine(await deps.connect(cluster).config(name), passed);
    if (Object.keys(patch).length > 0) await throughRebalance(() => connect.patchConfig(name, patch));
  });
  return passed.length;
}

async function isWorkedOn({ db }: Pick<Deps, "db">, cluster: string, name: string): Promise<boolean> {
  const held = await db
    .select({ key: runLocks.key })
    .from(runLocks)
    .where(eq(runLocks.key, `connector:${cluster}/${name}`));
  return held.length > 0;
}
