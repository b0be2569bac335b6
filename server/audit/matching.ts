import { and, eq, gte, ilike, isNull, like, lt, not, or, type SQL, sql } from "drizzle-orm";
import { auditEntries } from "#db/schema/audit.ts";
import { AUDIT_FILTER, readMoment } from "#domain/audit/list-filter.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";

/** Conditions on the first entry of an act, with the way the act ended. Different keys have to hold together, one key's values are alternatives. */
export function actsMatching(filter: string, now: Date): SQL | undefined {
  const { tokens, text } = parseFilter(filter, AUDIT_FILTER);
  const byKey = Map.groupBy(tokens, ({ key, negated }) => `${key}/${negated}`);
  return and(
    isNull(auditEntries.intentSeq),
    ...[...byKey.values()].map((same) => {
      const parts = same.map((token) => conditionOf(token, now));
      return same[0]?.negated || isRange(same[0]) ? and(...parts) : or(...parts);
    }),
    ...text
      .split(/\s+/)
      .filter((word) => word !== "")
      .map((word) => textMatches(containing(word))),
  );
}

/** The export has no filter bar to show what was left out: it must not quietly hold more than was asked for. */
export function requireWholeFilter(filter: string): void {
  const { dropped } = parseFilter(filter, AUDIT_FILTER);
  const [first] = dropped;
  if (first) throw new AppError("invalid", `The filter ${first.text} is not understood: ${first.reason}`);
}

/** The last word on an act; the act itself where it took one step. */
const endingOutcome = sql<string>`coalesce(
  (select ending.outcome from audit_entries ending
   where ending.act_id = ${auditEntries.actId} and ending.intent_seq is not null order by ending.seq desc limit 1),
  ${auditEntries.outcome})`;

function isRange(token: FilterToken | undefined): boolean {
  return token?.key === "age" || token?.key === "from" || token?.key === "to";
}

function conditionOf(token: FilterToken, now: Date): SQL | undefined {
  const condition = positiveCondition(token, now);
  return condition && token.negated ? not(condition) : condition;
}

function positiveCondition(
  { key, value, comparison, amount, negated }: FilterToken,
  now: Date,
): SQL | undefined {
  switch (key) {
    case "outcome":
      return endedWith(value, negated);
    case "actor":
      return or(eq(auditEntries.actorId, value), ilike(auditEntries.actorName, containing(value)));
    case "action":
      return actionMatches(value);
    case "subject":
      return sql`exists (select from jsonb_each_text(${auditEntries.subject}) part where part.value ilike ${containing(value)})`;
    case "via":
      return eq(auditEntries.via, value);
    case "from":
      return gte(auditEntries.at, requiredMoment(key, value));
    case "to":
      return lt(auditEntries.at, requiredMoment(key, value));
    default: {
      const moment = new Date(now.getTime() - (amount ?? 0));
      return comparison === ">" || comparison === ">="
        ? lt(auditEntries.at, moment)
        : gte(auditEntries.at, moment);
    }
  }
}

/** The second condition says the same for an index that holds only what is out of the ordinary. */
function endedWith(outcome: string, negated: boolean): SQL | undefined {
  if (negated || outcome === "succeeded") return eq(endingOutcome, outcome);
  const candidates =
    outcome === "pending"
      ? sql`${auditEntries.actId} in (select act_id from audit_open_acts)`
      : sql`${auditEntries.actId} in (select act_id from audit_entries other where other.outcome = ${outcome} and other.outcome <> 'succeeded')`;
  return and(eq(endingOutcome, outcome), candidates);
}

function requiredMoment(key: string, value: string): Date {
  const moment = readMoment(value);
  if (moment) return moment;
  throw new AppError("invalid", `${key}: takes a date such as 2026-11-21 or 2026-11-21T08:00Z, not ${value}`);
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
