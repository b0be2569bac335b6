import type { PlanDraft } from "./schema.ts";

/** What a run holds while it works: two runs that share one of these never run at the same time. */
export function lockKeys(draft: Pick<PlanDraft, "subject" | "locks">): string[] {
  if (draft.locks && draft.locks.length > 0) return [...new Set(draft.locks)].toSorted();
  const parts = Object.entries(draft.subject)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return parts.length > 0 ? [parts.join("/")] : [];
}
