import { sameConfig } from "#domain/connectors/config-diff.ts";
import { requirePolicy } from "#domain/connectors/policy-gate.ts";
import type { StepOf } from "#domain/connectors/steps.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import { found, withoutSecrets } from "#server/connectors/ask-connect.ts";
import { policyOf } from "#server/connectors/cluster-policy.ts";
import { passwordKeysOf } from "#server/connectors/plugin-catalogue.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"create-connector">;

/** Looks before it acts: a connector made by an attempt that lost its answer is not made twice. */
export async function createConnector(context: StepContext, step: Step): Promise<StepOutcome> {
  const { deps, actor, planId } = context;
  const { cluster, name, config, initialState } = step;
  const connect = deps.connect(cluster);
  const live = await found(connect.config(name));
  if (live) return alreadyThere(step, sameConfig(live, config));
  requirePolicy(config, policyOf(deps.cluster(cluster)), await passwordKeysOf(deps, cluster, config));
  const act = {
    action: "connector.create",
    subject: { cluster, connector: name, plan: planId },
    detail: { config, initialState },
  };
  try {
    await audited(deps.db, actor, act, () =>
      withoutSecrets(config, () => connect.create(name, config, initialState)),
    );
  } catch (error) {
    const isTaken = error instanceof AppError && error.code === "conflict" && !error.retryable;
    if (!isTaken) throw error;
    return alreadyThere(step, sameConfig(await connect.config(name), config));
  }
  return { state: "succeeded", message: `${name} created` };
}

function alreadyThere({ name }: Step, isSame: boolean): StepOutcome {
  if (isSame) return { state: "succeeded", message: `${name} is there with this configuration` };
  return {
    state: "failed",
    message: `${name} exists with another configuration; somebody else created it meanwhile`,
  };
}

export async function settleCreated(
  { deps }: StepContext,
  { cluster, name, config }: Step,
): Promise<Settlement> {
  const live = await found(deps.connect(cluster).config(name));
  if (!live || !sameConfig(live, config)) return { state: "not_done" };
  return { state: "succeeded", message: `${name} is there with this configuration` };
}
