import { topicDifferences } from "#domain/connectors/planned-topics.ts";
import type { StepOf } from "#domain/connectors/steps.ts";
import { audited } from "#server/audit/audited.ts";
import { count } from "#server/connectors/plan-words.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"create-topics">;

/** Makes the topics that are missing; one that exists stays as it is, whatever its settings. */
export async function createTopics(context: StepContext, { cluster, topics }: Step): Promise<StepOutcome> {
  const { deps, actor, signal } = context;
  const admin = deps.topicAdmin(cluster);
  let made = 0;
  const different: string[] = [];
  for (const [position, topic] of topics.entries()) {
    signal.throwIfAborted();
    const isNew = await audited(
      deps.db,
      actor,
      {
        action: "topic.create",
        subject: { cluster, topic: topic.name, plan: context.planId },
        detail: {
          partitions: topic.partitions,
          replicationFactor: topic.replicationFactor,
          ...topic.settings,
        },
      },
      () => admin.create(topic),
    );
    if (isNew) made += 1;
    const message = isNew ? "created" : await describeExisting(context, cluster, topic);
    if (!isNew && message !== "exists already") different.push(topic.name);
    await context.recordItems([
      { position, key: topic.name, state: isNew ? "succeeded" : "skipped", message },
    ]);
    await context.progress(position + 1, topics.length, topic.name);
  }
  const kept = topics.length - made;
  const kepts = kept > 0 ? `; ${kept} existed and ${kept === 1 ? "was" : "were"} left as found` : "";
  return {
    state: "succeeded",
    message: `${count(made, "topic")} created${kepts}`,
    ...(different.length > 0 ? { detail: { otherSettings: different } } : {}),
  };
}

async function describeExisting(
  { deps }: StepContext,
  cluster: string,
  topic: Step["topics"][number],
): Promise<string> {
  const [existing] = await deps.topicAdmin(cluster).describe([topic.name], Object.keys(topic.settings));
  const differences = existing ? topicDifferences(topic, existing) : [];
  return differences.length > 0 ? `exists with ${differences.join(", ")}` : "exists already";
}

export async function settleTopics({ deps }: StepContext, { cluster, topics }: Step): Promise<Settlement> {
  const existing = new Set(await deps.topicAdmin(cluster).list());
  if (!topics.every((topic) => existing.has(topic.name))) return { state: "not_done" };
  return {
    state: "succeeded",
    message: `${count(topics.length, "topic")} ${topics.length === 1 ? "is" : "are"} there`,
  };
}
