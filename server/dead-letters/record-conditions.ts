import { RECORD_FILTER } from "#domain/dead-letters/filter.ts";
import { AppError } from "#domain/errors/app-error.ts";
import {
  type FilterComparison,
  type FilterToken,
  type ParsedFilter,
  parseFilter,
} from "#domain/filters/grammar.ts";

/** A condition as text with numbered parameters, as long queries over the partitioned table are written by hand. */
export interface SqlText {
  text: string;
  values: unknown[];
}

/** Says about what a filter cannot do instead of doing half of it: a settled selection must be the one that was read. */
export function parseRecordFilter(filter: string): ParsedFilter {
  const parsed = parseFilter(filter, RECORD_FILTER);
  const [dropped] = parsed.dropped;
  if (dropped) throw new AppError("invalid", `${dropped.text}: ${dropped.reason}`);
  return parsed;
}

const GROUP_KEYS = new Set(["table", "error", "cause", "stage", "connector", "cluster"]);

export interface RecordConditions {
  /** On `dead_letter_groups g`; undefined: any group. */
  groups: SqlText | undefined;
  /** On `dead_letters d`, without its group. */
  records: SqlText;
  /** The one status asked for, where nothing else about the record matters: counters can answer. */
  onlyStatus: string | undefined;
}

/** Splits a filter into what the few groups know and what only the many records know. */
export function recordConditions(
  tokens: readonly FilterToken[],
  group: number | undefined,
  now: Date,
): RecordConditions {
  const values: unknown[] = [];
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const groupTexts = allOf(
    tokens.filter(({ key }) => GROUP_KEYS.has(key)),
    (token) => groupCondition(token, parameter),
  );
  if (group !== undefined) groupTexts.push(`g.id = ${parameter(group)}`);
  const groups = groupTexts.length > 0 ? { text: groupTexts.join(" and "), values: [...values] } : undefined;
  values.length = 0;
  const own = tokens.filter(({ key }) => !GROUP_KEYS.has(key));
  const texts = allOf(own, (token) => recordCondition(token, parameter, now));
  const [only] = own;
  return {
    groups,
    records: { text: texts.length > 0 ? texts.join(" and ") : "true", values: [...values] },
    onlyStatus:
      own.length === 0
        ? ""
        : own.length === 1 && only?.key === "status" && !only.negated
          ? only.value
          : undefined,
  };
}

const RANGES = new Set(["age", "records", "partition", "offset", "attempts"]);

/** The same word twice means either (`status:PENDING status:IGNORED`), unless it excludes or measures. */
export function allOf(tokens: readonly FilterToken[], condition: (token: FilterToken) => string): string[] {
  const alike = Map.groupBy(tokens, ({ key, negated }) => `${key}/${negated}`);
  return [...alike.values()].flatMap((same) => {
    const texts = same.map(condition);
    const [first] = same;
    if (!first || texts.length === 1 || first.negated || RANGES.has(first.key)) return texts;
    return [`(${texts.join(" or ")})`];
  });
}

type Parameter = (value: unknown) => string;

export function groupCondition({ key, value, negated }: FilterToken, parameter: Parameter): string {
  const is = (text: string) => (negated ? `not (${text})` : text);
  const like = `%${value.replace(/[\\%_]/g, (char) => `\\${char}`)}%`;
  switch (key) {
    case "table":
      return is(`g.table_name ilike ${parameter(like)}`);
    case "error": {
      const pattern = parameter(like);
      return is(`(g.message ilike ${pattern} or array_to_string(g.exceptions, ' ') ilike ${pattern})`);
    }
    case "connector":
      return is(`g.connector ilike ${parameter(like)}`);
    default:
      return is(
        `g.${key === "cause" ? "cause" : key === "stage" ? "stage" : "cluster"} = ${parameter(value)}`,
      );
  }
}

const COMPARISON: Record<FilterComparison, string> = { "=": "=", ">": ">", ">=": ">=", "<": "<", "<=": "<=" };
/** An older record has the smaller time. */
const AGE_COMPARISON: Record<FilterComparison, string> = {
  "=": "=",
  ">": "<",
  ">=": "<=",
  "<": ">",
  "<=": ">=",
};
const NUMBER_COLUMNS: Record<string, string> = {
  partition: "d.original_partition",
  offset: "d.original_offset",
  attempts: "d.attempts",
};

function recordCondition(
  { key, value, negated, comparison, amount = 0 }: FilterToken,
  parameter: Parameter,
  now: Date,
): string {
  const is = (text: string) => (negated ? `(${text}) is not true` : text);
  if (key === "status" || key === "op") return is(`d.${key} = ${parameter(value)}`);
  if (key === "topic") return is(`d.original_topic = ${parameter(value)}`);
  if (key === "key") return is(`d.key_text in (${parameter(value)}, ${parameter(`id=${value}`)})`);
  if (key === "age")
    return is(`d.failed_at ${AGE_COMPARISON[comparison]} ${parameter(new Date(now.getTime() - amount))}`);
  return is(`${NUMBER_COLUMNS[key] ?? "d.attempts"} ${COMPARISON[comparison]} ${parameter(amount)}`);
}

/** Shifts a condition's parameters behind others. */
export function shifted({ text, values }: SqlText, by: number): SqlText {
  return { text: text.replace(/\$(\d+)/g, (_all, number: string) => `$${Number(number) + by}`), values };
}
