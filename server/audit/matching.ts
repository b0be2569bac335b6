import { and, eq, gte, ilike, isNull, like, lt, or, type SQL, sql } from "drizzle-orm";
import { auditEntries } from "#db/schema/audit.ts";
import type { AuditOutcome } from "#domain/audit/entry.ts";
import type { AuditFilter } from "#domain/audit/schema.ts";

/** Conditions on the first entry of an act, with the way the act ended. */
export function actsMatching(filter: AuditFilter): SQL | undefined {
  const { actor, action, subject, outcome, from, to, text } = filter;
  return and(
    isNull(auditEntries.intentSeq),
    actor ? eq(auditEntries.actorId, actor) : undefined,
    action ? actionMatches(action) : undefined,
    subject
      ? sql`exists (select from jsonb_each_text(${auditEntries.subject}) part where part.value ilike ${containing(subject)})`
      : undefined,
    outcome ? endedWith(outcome) : undefined,
    from ? gte(auditEntries.at, new Date(from)) : undefined,
    to ? lt(auditEntries.at, new Date(to)) : undefined,
    text ? textMatches(containing(text)) : undefined,
  );
}

/** The last word on an act; the act itself where it took one step. */
export const endingOutcome = sql<string>`coalesce(
  (select ending.outcome from audit_entries ending
   where ending.act_id = ${auditEntries.actId} and ending.intent_seq is not null order by ending.seq desc limit 1),
  ${auditEntries.outcome})`;

/** The second condition says the same for an index that holds only what is out of the ordinary. */
function endedWith(outcome: AuditOutcome): SQL | undefined {
  const candidates =
    outcome === "succeeded"
      ? undefined
      : outcome === "pending"
        ? sql`${auditEntries.actId} in (select act_id from audit_open_acts)`
        : sql`${auditEntries.actId} in (select act_id from audit_entries other where other.outcome = ${outcome} and other.outcome <> 'succeeded')`;
  return and(eq(endingOutcome, outcome), candidates);
}

function actionMatches(action: string): SQL {
  const module = /^(.+\.)\*$/.exec(action)?.[1];
  return module ? like(auditEntries.action, `${escaped(module)}%`) : eq(auditEntries.action, action);
}

function textMatches(pattern: string): SQL | undefined {
  return or(
    ilike(auditEntries.action, pattern),
    ilike(auditEntries.actorName, pattern),
    sql`${auditEntries.subject}::text ilike ${pattern}`,
    sql`${auditEntries.detail}::text ilike ${pattern}`,
  );
}

function containing(text: string): string {
  return `%${escaped(text)}%`;
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
