import { type PlannedTopic, plannedTopics, topicDifferences } from "#domain/connectors/planned-topics.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import type { Consequence } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { clusterFacts } from "./cluster-policy.ts";

export interface TopicPlan {
  missing: PlannedTopic[];
  consequences: Consequence[];
}

/** Which of the configuration's topics have to be made, and which exist with other settings. */
export async function planTopics(
  deps: Pick<Deps, "cluster" | "topicAdmin">,
  cluster: string,
  config: ConnectorConfig,
): Promise<TopicPlan> {
  const wanted = plannedTopics(config, clusterFacts(deps.cluster(cluster)));
  if (wanted.length === 0) return { missing: [], consequences: [] };
  const settings = [...new Set(wanted.flatMap((topic) => Object.keys(topic.settings)))];
  const existing = await deps.topicAdmin(cluster).describe(
    wanted.map((topic) => topic.name),
    settings,
  );
  const byName = new Map(existing.map((topic) => [topic.name, topic]));
  const consequences = wanted.flatMap((topic): Consequence[] => {
    const has = byName.get(topic.name);
    if (!has) return [];
    const differences = topicDifferences(topic, has);
    const otherwise = differences.length > 0 ? ` with ${differences.join(", ")}` : "";
    return [
      {
        severity: differences.length > 0 ? "warning" : "info",
        text: `The topic ${topic.name} exists already${otherwise}; it is used as it is.`,
      },
    ];
  });
  return { missing: wanted.filter((topic) => !byName.has(topic.name)), consequences };
}
