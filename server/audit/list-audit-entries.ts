import { and, desc, eq, isNotNull, lt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { auditEntries } from "#db/schema/audit.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AuditOutcome } from "#domain/audit/entry.ts";
import type { AuditPage } from "#domain/audit/schema.ts";
import type { Deps } from "#server/deps.ts";
import { actsMatching } from "./matching.ts";

/** One act: what was asked and how it ended. */
export interface AuditActRow {
  actId: string;
  /** Number of the act's first entry. */
  seq: number;
  at: Date;
  actor: { id: string; name: string; roles: string[]; via: string };
  action: string;
  subject: Record<string, string>;
  outcome: AuditOutcome;
  /** When the outcome was written; the same as `at` for changes that took one step. Undefined while pending. */
  endedAt: Date | undefined;
  /** The reason of a failure or refusal, in one sentence. */
  reason: string | undefined;
}

/** Newest acts first, a page at a time. */
export async function listAuditEntries(
  { db }: Pick<Deps, "db">,
  actor: Actor,
  page: AuditPage,
): Promise<{ acts: AuditActRow[]; nextBefore: number | undefined }> {
  requirePermission(actor, "audit:view");
  const later = alias(auditEntries, "later");
  const end = db
    .select({ seq: later.seq, at: later.at, outcome: later.outcome, detail: later.detail })
    .from(later)
    .where(and(eq(later.actId, auditEntries.actId), isNotNull(later.intentSeq)))
    .orderBy(desc(later.seq))
    .limit(1)
    .as("ending");
  const rows = await db
    .select({ first: auditEntries, endedAt: end.at, endDetail: end.detail, endOutcome: end.outcome })
    .from(auditEntries)
    .leftJoinLateral(end, sql`true`)
    .where(and(actsMatching(page), page.before ? lt(auditEntries.seq, page.before) : undefined))
    .orderBy(desc(auditEntries.seq))
    .limit(page.limit + 1);
  const shown = rows.slice(0, page.limit);
  const acts = shown.map(({ first, endedAt, endDetail, endOutcome }) => {
    const state = AuditOutcome.catch("unknown").parse(endOutcome ?? first.outcome);
    return {
      actId: first.actId,
      seq: first.seq,
      at: first.at,
      actor: { id: first.actorId, name: first.actorName, roles: first.actorRoles, via: first.via },
      action: first.action,
      subject: first.subject,
      outcome: state,
      endedAt: endedAt ?? (state === "pending" ? undefined : first.at),
      reason: reasonIn(endDetail ?? first.detail),
    };
  });
  return { acts, nextBefore: rows.length > page.limit ? shown.at(-1)?.first.seq : undefined };
}

/** Where `audited`, the settling job and refusals leave their sentence. */
function reasonIn(detail: Record<string, unknown>): string | undefined {
  const { error, note, refusal, reason } = detail;
  if (typeof error === "object" && error !== null && "message" in error && typeof error.message === "string")
    return error.message;
  return [error, refusal, note, reason].find((text) => typeof text === "string");
}
