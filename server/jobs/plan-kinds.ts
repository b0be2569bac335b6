import { connectorsPlanKind } from "#server/connectors/plan-kind.ts";
import { discardPlanKind } from "#server/dead-letters/discard-steps.ts";
import { isolationPlanKind } from "#server/dead-letters/isolation-steps.ts";
import { quarantinePlanKind } from "#server/dead-letters/quarantine-steps.ts";
import { replayPlanKind } from "#server/dead-letters/replay-steps.ts";
import { rereadPlanKind } from "#server/dead-letters/reread-steps.ts";
import type { PlanKind, PlanKinds } from "#server/plans/plan-kind.ts";
import { planKindsOf } from "#server/plans/plan-kinds.ts";
import { checkPlanKind } from "#server/reconciliation/propose-check.ts";
import { repairPlanKind } from "#server/reconciliation/repair-steps.ts";

/** Every kind of plan there is: a module adds its kinds here, one line each. */
const KINDS: readonly PlanKind[] = [
  connectorsPlanKind,
  quarantinePlanKind,
  replayPlanKind,
  rereadPlanKind,
  discardPlanKind,
  isolationPlanKind,
  checkPlanKind,
  repairPlanKind,
];

export function allPlanKinds(): PlanKinds {
  return planKindsOf(KINDS);
}
