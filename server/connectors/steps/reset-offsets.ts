import type { StepOf } from "#domain/connectors/steps.ts";
import { audited } from "#server/audit/audited.ts";
import { found } from "#server/connectors/ask-connect.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"reset-offsets">;

export async function resetOffsets(
  { deps, actor, planId, signal }: StepContext,
  { cluster, name }: Step,
): Promise<StepOutcome> {
  const subject = { cluster, connector: name, plan: planId };
  await audited(deps.db, actor, { action: "connector.reset-offsets", subject }, () =>
    throughRebalance(() => deps.connect(cluster).resetOffsets(name), signal),
  );
  return { state: "succeeded", message: `The position of ${name} is forgotten` };
}

export async function settleOffsets({ deps }: StepContext, { cluster, name }: Step): Promise<Settlement> {
  const reply = await found(deps.connect(cluster).offsets(name));
  if (reply && reply.offsets.length > 0) return { state: "not_done" };
  return { state: "succeeded", message: `No position of ${name} is stored` };
}
