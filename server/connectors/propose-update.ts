import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { diffConfig, type KeyChange, withoutName } from "#domain/connectors/config-diff.ts";
import { hidePlaintext } from "#domain/connectors/hide-plaintext.ts";
import type { ConnectorConfig, ConnectorRef } from "#domain/connectors/schema.ts";
import type { ProposeUpdateInput } from "#domain/connectors/version.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Consequence, DangerLevel } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { configHash } from "./config-hash.ts";
import { connectorDraft, step } from "./plan-draft.ts";
import { count, warningsOf } from "./plan-words.ts";
import { requireValid } from "./require-valid.ts";
import { planTopics } from "./topic-plan.ts";

/** Freezes a change of a connector's configuration against the live one the draft began from. */
export async function proposeUpdate(
  deps: Deps,
  actor: Actor,
  { cluster, name, config, baseHash, note }: ProposeUpdateInput,
): Promise<{ planId: string }> {
  requirePermission(actor, "connectors:configure");
  const live = await deps.connect(cluster).config(name);
  if (configHash(live) !== baseHash) {
    throw new AppError(
      "conflict",
      `${name} was changed while you edited it; compare your draft with what is live now`,
    );
  }
  return proposeConfig(deps, actor, {
    cluster,
    name,
    live,
    config,
    title: `Change ${name}`,
    origin: "updated",
    note,
  });
}

interface Change extends ConnectorRef {
  live: ConnectorConfig;
  config: ConnectorConfig;
  title: string;
  origin: "updated" | "reverted";
  note: string | undefined;
  /** What has to be said about it besides what its keys say. */
  consequences?: readonly Consequence[];
}

/** From a live configuration to another one, whatever the reason. */
export async function proposeConfig(deps: Deps, actor: Actor, change: Change): Promise<{ planId: string }> {
  const { cluster, name, live, title, origin, note, consequences = [] } = change;
  const config = withoutName(change.config);
  const changes = diffConfig(live, config);
  if (changes.length === 0)
    throw new AppError("invalid", `Nothing changes: ${name} has this configuration already`);
  const findings = await requireValid(deps, actor, { cluster, name, config, exists: true });
  const topics = await planTopics(deps, cluster, config);
  const { connector } = await throughRebalance(() => deps.connect(cluster).status(name));
  const isStarted = connector.state !== "STOPPED" && connector.state !== "PAUSED";
  const made = topics.missing.length;
  const { id } = await proposePlan(
    deps,
    actor,
    connectorDraft({
      cluster,
      name,
      title,
      level: levelOf(changes),
      confirmName: name,
      confirmCount: "keys",
      consequences: [
        ...consequencesOf(changes),
        ...consequences,
        ...topics.consequences.filter((consequence) => consequence.severity !== "info"),
        ...warningsOf(findings),
      ],
      counts: { keys: changes.length, topics: made },
      steps: [
        ...(made > 0
          ? [
              step("topics", `Create ${count(made, "topic")}`, {
                do: "create-topics",
                cluster,
                topics: topics.missing,
              }),
            ]
          : []),
        step("config", `Change ${count(changes.length, "key")} of ${name}`, {
          do: "put-config",
          cluster,
          name,
          config,
          expectedHash: configHash(live),
        }),
        step("version", "Keep the configuration as a version", {
          do: "record-version",
          cluster,
          name,
          config,
          origin,
          note,
        }),
        ...(isStarted
          ? [step("running", `Wait until ${name} runs`, { do: "await-running", cluster, name })]
          : []),
      ],
      diff: { before: changedKeys(live, changes), after: changedKeys(config, changes) },
    }),
  );
  return { planId: id };
}

function levelOf(changes: readonly KeyChange[]): DangerLevel {
  if (changes.some((change) => change.effect === "irreversible")) return 3;
  return changes.some((change) => change.effect === "resnapshot") ? 2 : 1;
}

function consequencesOf(changes: readonly KeyChange[]): Consequence[] {
  const heavy = changes.filter(
    (change) => change.effect === "irreversible" || change.effect === "resnapshot",
  );
  const others = changes.length - heavy.length;
  return [
    ...heavy.map(
      (change): Consequence => ({
        severity: change.effect === "irreversible" ? "danger" : "warning",
        text: `${change.key}: ${change.consequence}`,
      }),
    ),
    ...(others > 0
      ? [
          {
            severity: "info",
            text: "Connect restarts the connector and its tasks; they go on where they were.",
          } as const,
        ]
      : []),
  ];
}

/** What was live before may hold a plaintext secret from outside Headgate. */
function changedKeys(config: ConnectorConfig, changes: readonly KeyChange[]): ConnectorConfig {
  const safe = hidePlaintext(config);
  return Object.fromEntries(
    changes.flatMap(({ key }) => {
      const value = safe[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}
