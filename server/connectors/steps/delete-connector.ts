import type { StepOf } from "#domain/connectors/steps.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import { found } from "#server/connectors/ask-connect.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"delete-connector">;

export async function deleteConnector(
  { deps, actor, planId, signal }: StepContext,
  { cluster, name }: Step,
): Promise<StepOutcome> {
  const subject = { cluster, connector: name, plan: planId };
  try {
    await audited(deps.db, actor, { action: "connector.delete", subject }, () =>
      throughRebalance(() => deps.connect(cluster).remove(name), signal),
    );
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") {
      return { state: "succeeded", message: `${name} was gone already` };
    }
    throw error;
  }
  return { state: "succeeded", message: `${name} deleted` };
}

export async function settleDeleted({ deps }: StepContext, { cluster, name }: Step): Promise<Settlement> {
  const live = await found(deps.connect(cluster).config(name));
  return live ? { state: "not_done" } : { state: "succeeded", message: `${name} is gone` };
}
