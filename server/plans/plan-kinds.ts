import { connectorsPlanKind } from "#server/connectors/plan-kind.ts";
import type { PlanKind, PlanKinds } from "./plan-kind.ts";

/** Every kind of plan there is: a module adds its kinds here, one line each. */
const KINDS: readonly PlanKind[] = [connectorsPlanKind];

export function allPlanKinds(): PlanKinds {
  return planKindsOf(KINDS);
}

export function planKindsOf(kinds: readonly PlanKind[]): PlanKinds {
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}
