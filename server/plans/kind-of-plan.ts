import { AppError } from "#domain/errors/app-error.ts";
import type { PlanKind, PlanKinds } from "./plan-kind.ts";

export function kindOfPlan(planKinds: PlanKinds, kind: string): PlanKind {
  const found = planKinds.get(kind);
  if (found) return found;
  throw new AppError(
    "precondition_failed",
    `This version of Headgate does not know plans of the kind ${kind}`,
  );
}
