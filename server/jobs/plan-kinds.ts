import { connectorsPlanKind } from "#server/connectors/plan-kind.ts";
import { discardPlanKind } from "#server/dead-letters/discard-steps.ts";
import { isolationPlanKind } from "#server/dead-letters/isolation-steps.ts";
import { quarantinePlanKind } from "#server/dead-letters/quarantine-steps.ts";
import { replayPlanKind } from "#server/dead-letters/replay-steps.ts";
import type { PlanKind, PlanKinds } from "#server/plans/plan-kind.ts";
import { planKindsOf } from "#server/plans/plan-kinds.ts";

/** Every kind of plan there is: a module adds its kinds here, one line each. */
const KINDS: readonly PlanKind[] = [
  connectorsPlanKind,
  quarantinePlanKind,
  replayPlanKind,
  discardPlanKind,
  isolationPlanKind,
];

export function allPlanKinds(): PlanKinds {
  return planKindsOf(KINDS);
}
