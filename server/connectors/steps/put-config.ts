import { diffConfig, sameConfig } from "#domain/connectors/config-diff.ts";
import { hidePlaintext } from "#domain/connectors/hide-plaintext.ts";
import { requirePolicy } from "#domain/connectors/policy-gate.ts";
import type { StepOf } from "#domain/connectors/steps.ts";
import { audited } from "#server/audit/audited.ts";
import { found, withoutSecrets } from "#server/connectors/ask-connect.ts";
import { policyOf } from "#server/connectors/cluster-policy.ts";
import { configHash } from "#server/connectors/config-hash.ts";
import { passwordKeysOf } from "#server/connectors/plugin-catalogue.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"put-config">;

/** PUT would create a connector that was deleted meanwhile, and overwrite what somebody else changed: look first. */
export async function putConfig(context: StepContext, step: Step): Promise<StepOutcome> {
  const { deps, actor, planId, signal } = context;
  const { cluster, name, config, expectedHash } = step;
  const connect = deps.connect(cluster);
  const live = await found(connect.config(name));
  if (!live) return { state: "failed", message: `${name} no longer exists` };
  if (sameConfig(live, config)) return { state: "succeeded", message: "The configuration is live already" };
  if (configHash(live) !== expectedHash) {
    return {
      state: "failed",
      message: `${name} was changed after this plan was made; propose the change again`,
    };
  }
  const passwordKeys = await passwordKeysOf(deps, cluster, config);
  requirePolicy(config, policyOf(deps.cluster(cluster)), passwordKeys);
  // What is live may hold a secret in the open that somebody put there outside Headgate.
  const changes = diffConfig(hidePlaintext(live, passwordKeys), config);
  await audited(
    deps.db,
    actor,
    {
      action: "connector.update",
      subject: { cluster, connector: name, plan: planId },
      detail: { changes: changes.map(({ key, kind, before, after }) => ({ key, kind, before, after })) },
    },
    () => throughRebalance(() => withoutSecrets(config, () => connect.putConfig(name, config)), signal),
  );
  return {
    state: "succeeded",
    message: `${changes.length} ${changes.length === 1 ? "key" : "keys"} of ${name} changed`,
  };
}

export async function settleConfig(
  { deps }: StepContext,
  { cluster, name, config }: Step,
): Promise<Settlement> {
  const live = await found(deps.connect(cluster).config(name));
  if (!live || !sameConfig(live, config)) return { state: "not_done" };
  return { state: "succeeded", message: "The configuration is live" };
}
