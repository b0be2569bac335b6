import { setTimeout as delay } from "node:timers/promises";
import type { StepOf } from "#domain/connectors/steps.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"delete-group">;

const ATTEMPTS = 10;

export async function deleteGroup(
  { deps, actor, planId, signal }: StepContext,
  { cluster, group }: Step,
): Promise<StepOutcome> {
  const subject = { cluster, group, plan: planId };
  const isGone = await audited(deps.db, actor, { action: "consumer-group.delete", subject }, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await deps.topicAdmin(cluster).removeGroup(group);
      } catch (error) {
        // Members of a stopped sink leave a moment after Connect says it stopped.
        const isLeaving = error instanceof AppError && /still has members/.test(error.message);
        if (!isLeaving || attempt === ATTEMPTS) throw error;
      }
      await delay(500, undefined, { signal });
    }
  });
  return {
    state: "succeeded",
    message: isGone ? `Consumer group ${group} deleted` : `Consumer group ${group} was gone already`,
  };
}

export async function settleGroupGone({ deps }: StepContext, { cluster, group }: Step): Promise<Settlement> {
  const exists = await deps.topicAdmin(cluster).groupExists(group);
  return exists ? { state: "not_done" } : { state: "succeeded", message: `Consumer group ${group} is gone` };
}
