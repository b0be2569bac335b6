import { randomUUID } from "node:crypto";
import { plans } from "#db/schema/plans.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { draftProblems } from "#domain/plans/approval.ts";
import { expiryOf } from "#domain/plans/expiry.ts";
import { PlanDraft } from "#domain/plans/schema.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { notifyChange } from "#server/live/notify-change.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { kindOfPlan } from "./kind-of-plan.ts";

/** Freezes a draft under an id. From here on nothing about it changes; running does exactly this. */
export async function proposePlan(
  { db, planKinds, now }: Pick<Deps, "db" | "planKinds" | "now">,
  actor: Actor,
  draft: PlanDraft,
): Promise<{ id: string; fingerprint: string }> {
  requirePermission(actor, "plans:propose");
  requirePermission(actor, kindOfPlan(planKinds, draft.kind).permission);
  const frozen = parseDraft(draft);
  const id = randomUUID();
  const fingerprint = fingerprintOf({ id, authorId: actor.id, frozen });
  const proposedAt = now();
  await db.transaction(async (tx) => {
    await tx.insert(plans).values({
      id,
      kind: frozen.kind,
      title: frozen.title,
      subject: frozen.subject,
      level: frozen.level,
      status: "proposed",
      frozen,
      fingerprint,
      authorId: actor.id,
      authorName: actor.name,
      proposedAt,
      expiresAt: expiryOf(proposedAt),
      searchText: [frozen.title, ...Object.values(frozen.subject), actor.name].join(" ").toLowerCase(),
    });
    await notifyChange(tx, "plans", id);
    await appendAudit(tx, actor, {
      action: "plan.propose",
      subject: { ...frozen.subject, plan: id },
      outcome: "succeeded",
      detail: {
        kind: frozen.kind,
        title: frozen.title,
        level: frozen.level,
        counts: frozen.counts,
        fingerprint,
      },
    });
  });
  return { id, fingerprint };
}

/** Through JSON first: what is hashed now must be what PostgreSQL gives back later. */
function parseDraft(draft: PlanDraft): PlanDraft {
  const parsed = PlanDraft.safeParse(JSON.parse(JSON.stringify(draft)));
  const problems = parsed.success
    ? draftProblems(parsed.data)
    : parsed.error.issues.map((issue) => ({ path: issue.path.join("."), message: issue.message }));
  if (parsed.success && problems.length === 0) return parsed.data;
  const list = problems.map((problem) => `${problem.path}: ${problem.message}`).join("; ");
  throw new AppError("invalid", `This cannot become a plan: ${list}`, { problems });
}
