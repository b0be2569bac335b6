import { and, count, desc, eq, isNotNull, lt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { auditEntries } from "#db/schema/audit.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { AuditOutcome } from "#domain/audit/entry.ts";
import type { AuditListInput } from "#domain/audit/schema.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { Deps } from "#server/deps.ts";
import { actsMatching } from "./matching.ts";
import { SEARCH_MS, withinSearchTime } from "./within-search-time.ts";

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

/** Newest acts first: page by page for people, or on from `before` for whoever reads all of them. */
export async function listAuditEntries(
  { db, now }: Pick<Deps, "db" | "now">,
  actor: Actor,
  { filter, page, pageSize, before }: AuditListInput,
): Promise<ListPage<AuditActRow> & { nextBefore: number | undefined }> {
  requirePermission(actor, "audit:view");
  const matching = actsMatching(filter, now());
  const { rows, total } = await withinSearchTime(db, SEARCH_MS, async (tx) => {
    const later = alias(auditEntries, "later");
    const end = tx
      .select({ seq: later.seq, at: later.at, outcome: later.outcome, detail: later.detail })
      .from(later)
      .where(and(eq(later.actId, auditEntries.actId), isNotNull(later.intentSeq)))
      .orderBy(desc(later.seq))
      .limit(1)
      .as("ending");
    const found = await tx
      .select({ first: auditEntries, endedAt: end.at, endDetail: end.detail, endOutcome: end.outcome })
      .from(auditEntries)
      .leftJoinLateral(end, sql`true`)
      .where(and(matching, before ? lt(auditEntries.seq, before) : undefined))
      .orderBy(desc(auditEntries.seq))
      .limit(pageSize)
      .offset(before ? 0 : (page - 1) * pageSize);
    const [counted] = await tx.select({ total: count() }).from(auditEntries).where(matching);
    return { rows: found, total: counted?.total ?? 0 };
  });
  return {
    rows: rows.map(({ first, endedAt, endDetail, endOutcome }) => {
      const outcome = AuditOutcome.catch("unknown").parse(endOutcome ?? first.outcome);
      return {
        actId: first.actId,
        seq: first.seq,
        at: first.at,
        actor: { id: first.actorId, name: first.actorName, roles: first.actorRoles, via: first.via },
        action: first.action,
        subject: first.subject,
        outcome,
        endedAt: endedAt ?? (outcome === "pending" ? undefined : first.at),
        reason: reasonIn(endDetail ?? first.detail),
      };
    }),
    total,
    nextBefore: rows.length === pageSize ? rows.at(-1)?.first.seq : undefined,
  };
}

/** Where `audited`, the settling job and refusals leave their sentence. */
function reasonIn(detail: Record<string, unknown>): string | undefined {
  const { error, note, refusal, reason } = detail;
  if (typeof error === "object" && error !== null && "message" in error && typeof error.message === "string")
    return error.message;
  return [error, refusal, note, reason].find((text) => typeof text === "string");
}
