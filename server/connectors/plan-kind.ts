import { ConnectorStep } from "#domain/connectors/steps.ts";
import type { PlanStep } from "#domain/plans/schema.ts";
import type { PlanKind, Settlement, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { awaitRunning, settleRunning } from "./steps/await-running.ts";
import { createConnector, settleCreated } from "./steps/create-connector.ts";
import { createTopics, settleTopics } from "./steps/create-topics.ts";
import { deleteConnector, settleDeleted } from "./steps/delete-connector.ts";
import { deleteGroup, settleGroupGone } from "./steps/delete-group.ts";
import { deleteTopics, settleTopicsGone } from "./steps/delete-topics.ts";
import { dropSlot, settleSlotDropped } from "./steps/drop-slot.ts";
import { putConfig, settleConfig } from "./steps/put-config.ts";
import { keepVersion, settleVersion } from "./steps/record-version.ts";
import { resetOffsets, settleOffsets } from "./steps/reset-offsets.ts";
import { settleStopped, stopConnectorStep } from "./steps/stop-connector.ts";

/** Creating, changing and deleting connectors with what belongs to them. */
export const connectorsPlanKind: PlanKind = {
  kind: "connectors",
  permission: "connectors:configure",
  approvePermission: "connectors:configure",
  runStep: (context, step) => run(context, parse(step)),
  settleStep: (context, step) => settle(context, parse(step)),
};

function parse(step: PlanStep): ConnectorStep {
  return ConnectorStep.parse(step.input);
}

function run(context: StepContext, step: ConnectorStep): Promise<StepOutcome> {
  switch (step.do) {
    case "create-topics":
      return createTopics(context, step);
    case "create-connector":
      return createConnector(context, step);
    case "put-config":
      return putConfig(context, step);
    case "record-version":
      return keepVersion(context, step);
    case "await-running":
      return awaitRunning(context, step);
    case "stop":
      return stopConnectorStep(context, step);
    case "drop-slot":
      return dropSlot(context, step);
    case "reset-offsets":
      return resetOffsets(context, step);
    case "delete-connector":
      return deleteConnector(context, step);
    case "delete-group":
      return deleteGroup(context, step);
    case "delete-topics":
      return deleteTopics(context, step);
    case "by-hand":
      return Promise.resolve({
        state: "skipped",
        message: `${step.what} is left to do by hand`,
        detail: { statement: step.statement },
      });
  }
}

function settle(context: StepContext, step: ConnectorStep): Promise<Settlement> {
  switch (step.do) {
    case "create-topics":
      return settleTopics(context, step);
    case "create-connector":
      return settleCreated(context, step);
    case "put-config":
      return settleConfig(context, step);
    case "record-version":
      return settleVersion(context, step);
    case "await-running":
      return settleRunning(context, step);
    case "stop":
      return settleStopped(context, step);
    case "drop-slot":
      return settleSlotDropped(context, step);
    case "reset-offsets":
      return settleOffsets(context, step);
    case "delete-connector":
      return settleDeleted(context, step);
    case "delete-group":
      return settleGroupGone(context, step);
    case "delete-topics":
      return settleTopicsGone(context, step);
    case "by-hand":
      return Promise.resolve({ state: "not_done" });
  }
}
