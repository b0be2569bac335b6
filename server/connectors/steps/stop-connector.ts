import { setTimeout as delay } from "node:timers/promises";
import type { StepOf } from "#domain/connectors/steps.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { audited } from "#server/audit/audited.ts";
import { found } from "#server/connectors/ask-connect.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";

type Step = StepOf<"stop">;

const GIVE_UP_AFTER_MS = 60_000;

export async function stopConnectorStep(context: StepContext, { cluster, name }: Step): Promise<StepOutcome> {
  const status = await found(context.deps.connect(cluster).status(name));
  if (!status) return { state: "skipped", message: `${name} does not exist` };
  if (status.connector.state === "STOPPED")
    return { state: "succeeded", message: `${name} is stopped already` };
  await stopAndWait(context, { cluster, name });
  return { state: "succeeded", message: `${name} stopped` };
}

/** Connect answers before its tasks are gone; offsets and slots are free only afterwards. */
export async function stopAndWait(
  { deps, actor, planId, signal }: StepContext,
  { cluster, name }: { cluster: string; name: string },
): Promise<void> {
  const connect = deps.connect(cluster);
  const subject = { cluster, connector: name, plan: planId };
  await audited(deps.db, actor, { action: "connector.stop", subject }, () =>
    throughRebalance(() => connect.stop(name), signal),
  );
  const until = performance.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    signal.throwIfAborted();
    const { connector, tasks } = await connect.status(name);
    if (connector.state === "STOPPED" && tasks.length === 0) return;
    if (performance.now() > until) {
      throw new AppError("upstream_unavailable", `${name} did not stop within ${GIVE_UP_AFTER_MS / 1000} s`, {
        upstream: "Kafka Connect",
        retryable: true,
      });
    }
    await delay(300, undefined, { signal });
  }
}

export async function settleStopped({ deps }: StepContext, { cluster, name }: Step): Promise<Settlement> {
  const status = await found(deps.connect(cluster).status(name));
  if (status && (status.connector.state !== "STOPPED" || status.tasks.length > 0))
    return { state: "not_done" };
  return { state: "succeeded", message: status ? `${name} is stopped` : `${name} does not exist` };
}
