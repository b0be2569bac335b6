import { createHash } from "node:crypto";
import { canonicalJson } from "#domain/audit/entry.ts";
import type { PlanDraft } from "#domain/plans/schema.ts";

/** SHA-256 over what was reviewed. The id and the author are part of it, so that no plan can stand in for another. */
export function fingerprintOf(plan: { id: string; authorId: string; frozen: PlanDraft }): string {
  const text = canonicalJson({ id: plan.id, authorId: plan.authorId, frozen: plan.frozen });
  return createHash("sha256").update(text).digest("hex");
}

export function isUntouched(plan: {
  id: string;
  authorId: string;
  frozen: PlanDraft;
  fingerprint: string;
}): boolean {
  return fingerprintOf(plan) === plan.fingerprint;
}
