import { hash } from "node:crypto";
import { canonicalJson } from "#domain/audit/entry.ts";
import type { Rule, RuleMatch, SplitBy } from "#domain/dead-letters/rules.ts";
import type { SqlText } from "./record-conditions.ts";

/**
 * The groups a rule is about, as a condition on `dead_letter_groups g`: one text for the preview and for the applying, so
 * that what was shown is what happens. Groups that a rule made are nobody's match, or rules would work on each other.
 */
export function groupsOfRule(match: RuleMatch): SqlText {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const texts = ["g.records > 0", "g.rule_id is null"];
  const like = (text: string) => parameter(`%${text.replace(/[\\%_]/g, (char) => `\\${char}`)}%`);
  if (match.cluster !== undefined) texts.push(`g.cluster = ${parameter(match.cluster)}`);
  if (match.connector !== undefined) texts.push(`g.connector ilike ${like(match.connector)}`);
  if (match.table !== undefined) texts.push(`g.table_name ilike ${like(match.table)}`);
  if (match.stage !== undefined) texts.push(`g.stage = ${parameter(match.stage)}`);
  if (match.cause !== undefined) texts.push(`g.cause = ${parameter(match.cause)}`);
  if (match.exception !== undefined)
    texts.push(`array_to_string(g.exceptions, ' ') ilike ${like(match.exception)}`);
  if (match.message !== undefined) texts.push(`g.message ilike ${like(match.message)}`);
  return { text: texts.join(" and "), values };
}

/** What a split tells records apart by, as an expression on `dead_letters d`. */
export const SPLIT_VALUE: Record<SplitBy, string> = {
  topic: "coalesce(d.original_topic, 'no topic')",
  trace: "d.error_id::text",
  op: "coalesce(d.op, 'no event')",
  partition: "coalesce(d.original_partition::text, 'no partition')",
};

/** Proof that this very rule was previewed. */
export function previewToken(rule: Rule): string {
  return hash("sha256", canonicalJson(rule), "hex").slice(0, 32);
}
