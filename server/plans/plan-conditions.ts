import { and, eq, like, not, type SQL, sql } from "drizzle-orm";
import { plans, runs } from "#db/schema/plans.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";
import { PLAN_FILTER } from "#domain/plans/filter.ts";
import { comparing } from "./comparing.ts";

/** The same word as `activityState` of the domain, for rows of plans left-joined with their run. */
export function activityStateSql(now: Date): SQL<string> {
  return sql<string>`coalesce(${runs.state}, case
    when ${plans.status} in ('proposed', 'approved') and ${plans.expiresAt} <= ${now.toISOString()}::timestamptz
    then 'expired' else ${plans.status} end)`;
}

export function planConditions(filter: string, now: Date): SQL | undefined {
  const { tokens, text } = parseFilter(filter, PLAN_FILTER);
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const states = tokens.filter((token) => token.key === "state" && !token.negated).map(({ value }) => value);
  return and(
    // Several states mean any of them; every other token narrows further.
    states.length > 0 ? sql`${activityStateSql(now)} in ${states}` : undefined,
    ...tokens
      .filter((token) => token.key !== "state" || token.negated)
      .map((token) => (token.negated ? not(condition(token, now)) : condition(token, now))),
    ...words.map((word) => like(plans.searchText, `%${escaped(word)}%`)),
  );
}

function condition(token: FilterToken, now: Date): SQL {
  const { key, value } = token;
  switch (key) {
    case "state":
      return sql`${activityStateSql(now)} = ${value}`;
    case "kind":
      return eq(plans.kind, value);
    case "cluster":
      return sql`coalesce(${plans.subject} ->> 'cluster', '') = ${value}`;
    case "about":
      return sql`exists (select from jsonb_each_text(${plans.subject}) part where lower(part.value) = ${value.toLowerCase()})`;
    case "by":
      return sql`lower(${plans.authorName}) = ${value.toLowerCase()}`;
    case "level":
      return comparing(plans.level, token.comparison, token.amount ?? 0);
    case "age":
      return comparing(
        sql`extract(epoch from (${now.toISOString()}::timestamptz - ${plans.proposedAt})) * 1000`,
        token.comparison,
        token.amount ?? 0,
      );
    default:
      throw new Error(`The filter ${key} has no condition`);
  }
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
