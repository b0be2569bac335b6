import type { IsolationStep, OffsetsStep } from "#domain/dead-letters/isolation.ts";
import {
  IsolationStep as StepSchema,
  sameOffsets,
  type TopicOffsets,
} from "#domain/dead-letters/isolation.ts";
import { audited } from "#server/audit/audited.ts";
import { found } from "#server/connectors/ask-connect.ts";
import { connectorsPlanKind } from "#server/connectors/plan-kind.ts";
import type { Deps } from "#server/deps.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { PlanKind, Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

/**
 * Gives one table of a sink a sink of its own. Each step looks before it acts, and the topic leaves the first sink only
 * while both stand still at the same offsets: whatever dies in between, no event is read twice and none is left out.
 */
export const isolationPlanKind: PlanKind = {
  kind: "dead-letters.isolate",
  permission: "dead-letters:repair",
  approvePermission: "dead-letters:repair",
  async runStep(context, planStep) {
    const step = StepSchema.parse(planStep.input);
    if (step.do === "hand-over-offsets") return await handOver(context, step);
    if (step.do === "check-offsets") return await checkOffsets(context.deps, step);
    if (step.do === "resume") return await resume(context, step);
    return await connectorsPlanKind.runStep(context, planStep);
  },
  async settleStep(context, planStep) {
    const step = StepSchema.parse(planStep.input);
    if (step.do === "hand-over-offsets" || step.do === "check-offsets" || step.do === "resume")
      return await settle(context.deps, step);
    return await connectorsPlanKind.settleStep(context, planStep);
  },
};

async function handOver(context: StepContext, step: OffsetsStep): Promise<StepOutcome> {
  const { deps, actor, planId, signal } = context;
  const { cluster, from, to, topic } = step;
  const moving = await whoMoves(deps, step);
  if (moving) return { state: "failed", message: moving };
  const first = await committed(deps, cluster, from, topic);
  if (sameOffsets(first, await committed(deps, cluster, to, topic)))
    return { state: "succeeded", message: `${to} stands where ${from} does` };
  const act = {
    action: "connector.alter-offsets",
    subject: { cluster, connector: to, plan: planId },
    detail: { topic, from, offsets: Object.fromEntries(first) },
  };
  await audited(deps.db, actor, act, () =>
    throughRebalance(
      () =>
        deps.connect(cluster).patchOffsets(to, {
          offsets: [...first].map(([partition, offset]) => ({
            partition: { kafka_topic: topic, kafka_partition: partition },
            offset: { kafka_offset: offset },
          })),
        }),
      signal,
    ),
  );
  return {
    state: "succeeded",
    message: `${to} begins where ${from} stands, in ${first.size} ${first.size === 1 ? "partition" : "partitions"}`,
    detail: { offsets: Object.fromEntries(first) },
  };
}

/** Right before the topic leaves the first sink: if somebody resumed one of the two meanwhile, the hand-over is void. */
async function checkOffsets(deps: Deps, step: OffsetsStep): Promise<StepOutcome> {
  const { cluster, from, to, topic } = step;
  const moving = await whoMoves(deps, step);
  if (moving) return { state: "failed", message: moving };
  const [first, second] = await Promise.all([
    committed(deps, cluster, from, topic),
    committed(deps, cluster, to, topic),
  ]);
  return sameOffsets(first, second)
    ? { state: "succeeded", message: "Both stand still at the same offsets" }
    : {
        state: "failed",
        message: `${to} does not stand where ${from} does: somebody moved one of them meanwhile. ${from} still has the topic; delete ${to} and propose the isolation again`,
      };
}

async function whoMoves(deps: Deps, { cluster, from, to }: OffsetsStep): Promise<string | undefined> {
  for (const name of [from, to]) {
    const status = await found(deps.connect(cluster).status(name));
    if (!status) return `${name} does not exist any more`;
    if (status.connector.state !== "STOPPED" || status.tasks.length > 0)
      return `${name} was resumed by somebody while the table was being isolated; stop it and resume this run`;
  }
  return undefined;
}

async function committed(deps: Deps, cluster: string, name: string, topic: string): Promise<TopicOffsets> {
  const offsets = await deps.kafka(cluster).committedOffsets(`connect-${name}`, [topic]);
  return offsets.get(topic) ?? new Map();
}

type Resume = Extract<IsolationStep, { do: "resume" }>;

async function resume(context: StepContext, { cluster, name }: Resume): Promise<StepOutcome> {
  const { deps, actor, planId, signal } = context;
  await audited(
    deps.db,
    actor,
    { action: "connector.resume", subject: { cluster, connector: name, plan: planId } },
    () => throughRebalance(() => deps.connect(cluster).resume(name), signal),
  );
  return { state: "succeeded", message: `${name} goes on` };
}

async function settle(deps: Deps, step: OffsetsStep | Resume): Promise<Settlement> {
  if (step.do === "resume") {
    const status = await found(deps.connect(step.cluster).status(step.name));
    return status && status.connector.state !== "STOPPED"
      ? { state: "succeeded", message: `${step.name} goes on` }
      : { state: "not_done" };
  }
  // Both only look or look first: doing them again is harmless.
  return { state: "not_done" };
}
