import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { type PlannedTopic, plannedTopics } from "#domain/connectors/planned-topics.ts";
import { listOf } from "#domain/connectors/produced-topics.ts";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import type { Deps } from "#server/deps.ts";
import { clusterFacts } from "./cluster-policy.ts";

export interface ConnectorTopic {
  name: string;
  purpose: PlannedTopic["purpose"] | "other";
  /** Records went through it since Connect tracks the connector. */
  isUsed: boolean;
  /** Undefined: it does not exist. */
  facts: { partitions: number; replicationFactor: number; settings: Record<string, string> } | undefined;
}

const SHOWN = ["retention.ms", "compression.type", "cleanup.policy", "min.insync.replicas"];

/** The topics a connector names, and those it really used. */
export async function getConnectorTopics(
  deps: Pick<Deps, "connect" | "cluster" | "topicAdmin" | "limits">,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<ConnectorTopic[]> {
  requirePermission(actor, "console:view");
  await limitExpensive(deps, actor, "connectors.topics");
  const [config, used] = await Promise.all([
    deps.connect(cluster).config(name),
    deps.connect(cluster).topics(name),
  ]);
  const planned = plannedTopics(config, clusterFacts(deps.cluster(cluster)));
  const purposes = new Map<string, ConnectorTopic["purpose"]>([
    ...[...used, ...listOf(config.topics)].map((topic) => [topic, "other"] as const),
    ...listOf(config.topics).map((topic) => [topic, "data"] as const),
    ...planned.map((topic) => [topic.name, topic.purpose] as const),
  ]);
  const names = [...purposes.keys()].sort();
  const facts = new Map(
    (await deps.topicAdmin(cluster).describe(names, SHOWN)).map((topic) => [topic.name, topic]),
  );
  return names.map((topic) => {
    const known = facts.get(topic);
    return {
      name: topic,
      purpose: purposes.get(topic) ?? "other",
      isUsed: used.includes(topic),
      facts: known && {
        partitions: known.partitions,
        replicationFactor: known.replicationFactor,
        settings: known.settings,
      },
    };
  });
}
