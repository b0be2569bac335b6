import type { StepOf } from "#domain/connectors/steps.ts";
import { audited } from "#server/audit/audited.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"delete-topics">;

export async function deleteTopics(context: StepContext, { cluster, topics }: Step): Promise<StepOutcome> {
  const { deps, actor, planId, signal } = context;
  let removed = 0;
  for (const [position, topic] of topics.entries()) {
    signal.throwIfAborted();
    const subject = { cluster, topic, plan: planId };
    const wasThere = await audited(deps.db, actor, { action: "topic.delete", subject }, () =>
      deps.topicAdmin(cluster).remove(topic),
    );
    if (wasThere) removed += 1;
    await context.recordItems([
      {
        position,
        key: topic,
        state: wasThere ? "succeeded" : "skipped",
        message: wasThere ? "deleted" : "was not there",
      },
    ]);
    await context.progress(position + 1, topics.length, topic);
  }
  const missing = topics.length - removed;
  return {
    state: "succeeded",
    message:
      missing === 0 ? `${removed} topics deleted` : `${removed} topics deleted; ${missing} were not there`,
  };
}

export async function settleTopicsGone(
  { deps }: StepContext,
  { cluster, topics }: Step,
): Promise<Settlement> {
  const existing = new Set(await deps.topicAdmin(cluster).list());
  return topics.some((topic) => existing.has(topic))
    ? { state: "not_done" }
    : { state: "succeeded", message: "The topics are gone" };
}
