import type { PlanKind, PlanKinds } from "./plan-kind.ts";

export function planKindsOf(kinds: readonly PlanKind[]): PlanKinds {
  return new Map(kinds.map((kind) => [kind.kind, kind]));
}
