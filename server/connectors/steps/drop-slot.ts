import { hidePlaintext } from "#domain/connectors/hide-plaintext.ts";
import type { StepOf } from "#domain/connectors/steps.ts";
import { audited } from "#server/audit/audited.ts";
import { found, withoutSecrets } from "#server/connectors/ask-connect.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import type { Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { awaitRunning } from "./await-running.ts";
import { stopAndWait } from "./stop-connector.ts";

type Step = StepOf<"drop-slot">;

const DROP = "slot.drop.on.stop";

/**
 * Headgate holds no credential that may drop a slot, the connector does: told to, Debezium drops its slot as it stops.
 * That works from a running task only; otherwise the statement is left for a person.
 */
export async function dropSlot(context: StepContext, step: Step): Promise<StepOutcome> {
  const { deps, actor, planId, signal, workerSignal } = context;
  const { cluster, name } = step;
  const connect = deps.connect(cluster);
  const status = await found(connect.status(name));
  if (!status) return byHand(step, `${name} does not exist`);
  const isRunning =
    status.connector.state === "RUNNING" && status.tasks.some((task) => task.state === "RUNNING");
  if (!isRunning) {
    if (status.connector.state !== "STOPPED") await stopAndWait(context, { cluster, name });
    return byHand(step, `${name} is not running`);
  }
  const live = hidePlaintext(await connect.config(name));
  signal.throwIfAborted();
  // Told to drop, a connector left running would do it at its next restart, whoever causes that: no abort from here on.
  const whole = { ...context, signal: workerSignal };
  await audited(
    deps.db,
    actor,
    {
      action: "connector.drop-slot",
      subject: { cluster, connector: name, plan: planId },
      detail: { slot: step.slot },
    },
    () =>
      throughRebalance(
        () => withoutSecrets(live, () => connect.patchConfig(name, { [DROP]: "true" })),
        workerSignal,
      ),
  );
  const running = await awaitRunning(whole, { ...step, do: "await-running" });
  await stopAndWait(whole, { cluster, name });
  if (running.state !== "succeeded") return byHand(step, `${name} did not start again`);
  return { state: "succeeded", message: `${name} dropped its slot ${step.slot} as it stopped` };
}

function byHand({ slot, statement }: Step, why: string): StepOutcome {
  return {
    state: "skipped",
    message: `${why}, so it cannot drop its slot ${slot}: run ${statement} on the source`,
    detail: { statement },
  };
}

export async function settleSlotDropped({ deps }: StepContext, step: Step): Promise<Settlement> {
  const connect = deps.connect(step.cluster);
  const [config, status] = await Promise.all([
    found(connect.config(step.name)),
    found(connect.status(step.name)),
  ]);
  if (!config || !status)
    return { state: "unknown", message: `${step.name} is gone; check the slot ${step.slot} on the source` };
  if (status.connector.state !== "STOPPED" || config[DROP] !== "true") return { state: "not_done" };
  // Whether the task ever ran with the setting, and so dropped the slot, nobody can tell from Connect.
  return {
    state: "unknown",
    message: `${step.name} was told to drop its slot ${step.slot} and is stopped; if the source still lists the slot, run ${step.statement} there`,
  };
}
