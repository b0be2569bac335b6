import { and, eq, isNull } from "drizzle-orm";
import { observedConnectors, upstreamStates } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { diffConfig, type KeyChange } from "#domain/connectors/config-diff.ts";
import { connectorHealth, type Health } from "#domain/connectors/health.ts";
import { hidePlaintext } from "#domain/connectors/hide-plaintext.ts";
import type { ConnectorConfig, ConnectorRef, ConnectState } from "#domain/connectors/schema.ts";
import { type ParsedTrace, parseTrace } from "#domain/connectors/trace.ts";
import type { VersionOrigin } from "#domain/connectors/version.ts";
import { withQuarantineOf } from "#domain/dead-letters/quarantine-list.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { UpstreamCondition } from "#domain/observability/upstream.ts";
import type { Deps } from "#server/deps.ts";
import { configHash } from "./config-hash.ts";
import { quarantineOf } from "./quarantine-work.ts";
import { latestVersion } from "./record-version.ts";

export interface ConnectorTask {
  id: number;
  state: ConnectState;
  worker: string;
  trace: ParsedTrace | undefined;
}

export interface ConnectorView extends ConnectorRef {
  type: "source" | "sink" | "unknown";
  plugin: string;
  pluginVersion: string | null;
  state: ConnectState;
  health: Health;
  worker: string;
  /** Why the connector itself failed. */
  trace: ParsedTrace | undefined;
  tasks: ConnectorTask[];
  /** The live configuration: references stay, secrets in the open are taken out. */
  config: ConnectorConfig;
  /** What a draft begins from: see proposeUpdate. Undefined while secrets in the open keep it from being known. */
  configHash: string | undefined;
  plaintextSecretKeys: string[];
  desired: { version: number; origin: VersionOrigin; at: Date; authorName: string } | undefined;
  /** What was changed outside Headgate since that version. */
  changedOutside: KeyChange[];
  /** What the quarantine changed since that version: no drift, and not to be undone while its list is in place. */
  changedByQuarantine: KeyChange[];
  /** Records on the sink's quarantine list. */
  quarantined: string[];
  /** The plan that put the newest of them there; null: no plan that Headgate knows. */
  quarantinePlan: string | null;
  since: Date;
  seenAt: Date;
  observed: { state: UpstreamCondition; message: string | null; lastOkAt: Date | null };
}

/** One connector as last observed, beside what Headgate last gave it. */
export async function getConnector(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<ConnectorView> {
  requirePermission(actor, "console:view");
  const [[row], [upstream], latest] = await Promise.all([
    db
      .select()
      .from(observedConnectors)
      .where(
        and(
          eq(observedConnectors.cluster, cluster),
          eq(observedConnectors.name, name),
          isNull(observedConnectors.removedAt),
        ),
      ),
    db
      .select()
      .from(upstreamStates)
      .where(and(eq(upstreamStates.cluster, cluster), eq(upstreamStates.upstream, "connect"))),
    latestVersion(db, { cluster, name }),
  ]);
  if (!row) throw new AppError("not_found", `${cluster} has no connector ${name}, as far as was observed`);
  const desired = latest?.origin === "deleted" ? undefined : latest;
  const states = row.tasks.map((task) => task.state);
  const live = hidePlaintext(row.config);
  const quarantine = await quarantineOf(db, { cluster, name }, live, desired);
  const expected = desired && withQuarantineOf(live, quarantine, desired.config);
  return {
    cluster,
    name,
    type: row.type,
    plugin: row.plugin,
    pluginVersion: row.pluginVersion,
    state: row.state,
    health: connectorHealth(row.state, states),
    worker: row.worker,
    trace: row.trace ? parseTrace(row.trace) : undefined,
    tasks: row.tasks.map(({ id, state, worker, trace }) => ({
      id,
      state,
      worker,
      trace: trace ? parseTrace(trace) : undefined,
    })),
    config: live,
    configHash: row.plaintextSecretKeys.length === 0 ? configHash(row.config) : undefined,
    plaintextSecretKeys: row.plaintextSecretKeys,
    desired: desired && {
      version: desired.version,
      origin: desired.origin,
      at: desired.at,
      authorName: desired.authorName,
    },
    changedOutside: expected ? diffConfig(expected, live) : [],
    changedByQuarantine: desired && expected ? diffConfig(desired.config, expected) : [],
    quarantined: quarantine.listed,
    quarantinePlan: quarantine.planId,
    since: row.stateChangedAt,
    seenAt: row.seenAt,
    observed: {
      state: upstream?.state ?? "unknown",
      message: upstream?.message ?? null,
      lastOkAt: upstream?.lastOkAt ?? null,
    },
  };
}
