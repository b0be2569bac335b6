import type { Actor, Permission } from "../access/permissions.ts";
import { hasPermission, rolesWith } from "../access/permissions.ts";
import type { FieldProblem } from "../errors/app-error.ts";
import type { Confirmation, DangerLevel, PlanDraft } from "./schema.ts";

/** A started level 3 run waits this long, so that the person can take it back before anything happened. */
export const CANCEL_WINDOW_SECONDS = 30;

export function approvalsNeeded(level: DangerLevel): number {
  return level === 3 ? 1 : 0;
}

export function cancelWindowSeconds(level: DangerLevel): number {
  return level === 3 ? CANCEL_WINDOW_SECONDS : 0;
}

/** The number a person types to show they read the plan: the named one, else the largest. */
export function countToType(draft: Pick<PlanDraft, "counts" | "confirmCount">): {
  name: string;
  count: number;
} {
  const entries = Object.entries(draft.counts).map(([name, count]) => ({ name, count }));
  const named = entries.find((entry) => entry.name === draft.confirmCount);
  const largest = entries.toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))[0];
  return named ?? largest ?? { name: "steps", count: 0 };
}

/** Every reason why a draft cannot become a plan; a module that proposes one of these has a bug. */
export function draftProblems(draft: PlanDraft): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const keys = draft.steps.map((step) => step.key);
  const doubled = keys.find((key, index) => keys.indexOf(key) !== index);
  if (doubled !== undefined) problems.push({ path: "steps", message: `Two steps have the key ${doubled}` });
  if (draft.confirmCount !== undefined && !(draft.confirmCount in draft.counts))
    problems.push({ path: "confirmCount", message: `There is no count named ${draft.confirmCount}` });
  if (draft.level >= 2 && Object.keys(draft.counts).length === 0)
    problems.push({ path: "counts", message: "A plan of this level needs an exact count to type" });
  if (draft.level === 3 && !draft.confirmName)
    problems.push({ path: "confirmName", message: "A plan of this level needs a name to type" });
  return problems;
}

/** What is missing or mistyped in a confirmation, all of it at once. */
export function confirmationProblems(
  draft: Pick<PlanDraft, "level" | "counts" | "confirmCount" | "confirmName">,
  confirmation: Confirmation,
): FieldProblem[] {
  if (draft.level === 1) return [];
  const problems: FieldProblem[] = [];
  if (!confirmation.reason) problems.push({ path: "reason", message: "Say why this is done" });
  const { name, count } = countToType(draft);
  if (confirmation.typedCount !== count)
    problems.push({ path: "typedCount", message: `Type the number of ${name}: ${count}` });
  if (draft.level === 3 && confirmation.typedName !== draft.confirmName)
    problems.push({ path: "typedName", message: `Type the name exactly: ${draft.confirmName ?? ""}` });
  return problems;
}

export type ApprovalVerdict = { allowed: true } | { allowed: false; reason: string };

/** A second person decides: never the author, and only with the permission of approving and of this kind. */
export function judgeApprover(
  approver: Pick<Actor, "id" | "roles">,
  plan: { authorId: string; approvePermission: Permission },
): ApprovalVerdict {
  if (approver.id === plan.authorId)
    return { allowed: false, reason: "Nobody approves their own plan; ask a second person" };
  const needed: Permission[] = ["plans:approve", plan.approvePermission];
  const missing = needed.find((permission) => !hasPermission(approver, permission));
  if (missing === undefined) return { allowed: true };
  const who = rolesWith(missing).join(", ");
  return {
    allowed: false,
    reason: `Approving this needs the permission ${missing}, which these roles have: ${who}`,
  };
}
