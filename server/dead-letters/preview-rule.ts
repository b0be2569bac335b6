import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { causeById } from "#domain/dead-letters/causes.ts";
import { OTHER_PARTS, partsOf, type Rule } from "#domain/dead-letters/rules.ts";
import type { Deps } from "#server/deps.ts";
import { groupsOfRule, previewToken, SPLIT_VALUE } from "./rule-conditions.ts";

export interface RulePreviewGroup {
  id: number;
  cluster: string;
  connector: string;
  table: string;
  cause: string;
  message: string;
  status: string;
  records: number;
  open: number;
}

export interface RulePreview {
  /** What the rule would have matched, were it in force now. */
  groups: number;
  records: number;
  open: number;
  /** The largest of them. */
  samples: RulePreviewGroup[];
  /** For a split: the groups there would be; sizes add up to `records`, unless it was cut. */
  parts: { group: number; value: string; records: number }[];
  partsAreCut: boolean;
  /** What would be done, one sentence each. */
  notes: string[];
  /** Handed back when the rule is saved. */
  token: string;
}

const SAMPLES = 10;
const SPLIT_GROUPS = 20;

/** Shows what a rule would have matched, before it is saved. Changes nothing. */
export async function previewRule(
  { pool }: Pick<Deps, "pool">,
  actor: Actor,
  rule: Rule,
): Promise<RulePreview> {
  requirePermission(actor, "console:view");
  const { text, values } = groupsOfRule(rule.match);
  const { rows } = await pool.query<{
    id: string;
    cluster: string;
    connector: string;
    table_name: string;
    cause: string;
    message: string;
    status: string;
    records: string;
    open: string;
    groups: number;
    all_records: string;
    all_open: string;
  }>(
    `select g.id, g.cluster, g.connector, g.table_name, g.cause, g.message, g.status, g.records, g.open,
            count(*) over ()::int as groups, sum(g.records) over () as all_records, sum(g.open) over () as all_open
       from dead_letter_groups g where ${text} order by g.records desc, g.id`,
    values,
  );
  const samples = rows.map((row) => ({
    id: Number(row.id),
    cluster: row.cluster,
    connector: row.connector,
    table: row.table_name,
    cause: row.cause,
    message: row.message,
    status: row.status,
    records: Number(row.records),
    open: Number(row.open),
  }));
  const [first] = rows;
  const parts = rule.action.do === "split" ? await readParts({ pool }, rule, samples) : [];
  return {
    groups: first?.groups ?? 0,
    records: Number(first?.all_records ?? 0),
    open: Number(first?.all_open ?? 0),
    samples: samples.slice(0, SAMPLES),
    parts,
    partsAreCut: rule.action.do === "split" && samples.length > SPLIT_GROUPS,
    notes: notesOf(rule, samples),
    token: previewToken(rule),
  };
}

async function readParts(
  { pool }: Pick<Deps, "pool">,
  rule: Rule,
  groups: readonly RulePreviewGroup[],
): Promise<RulePreview["parts"]> {
  if (rule.action.do !== "split") return [];
  const parts: RulePreview["parts"] = [];
  for (const { id } of groups.slice(0, SPLIT_GROUPS)) {
    const { rows } = await pool.query<{ value: string; n: number }>(
      `select ${SPLIT_VALUE[rule.action.by]} as value, count(*)::int as n from dead_letters d where d.group_id = $1 group by 1`,
      [id],
    );
    const counts = new Map(rows.map((row) => [row.value, row.n]));
    const own = partsOf(counts);
    for (const value of own) parts.push({ group: id, value, records: counts.get(value) ?? 0 });
    const rest = rows.reduce((sum, row) => (own.includes(row.value) ? sum : sum + row.n), 0);
    if (rest > 0) parts.push({ group: id, value: OTHER_PARTS, records: rest });
  }
  return parts;
}

function notesOf({ action }: Rule, groups: readonly RulePreviewGroup[]): string[] {
  const count = `${groups.length} ${groups.length === 1 ? "group" : "groups"}`;
  switch (action.do) {
    case "merge": {
      const clusters = new Set(groups.map((group) => group.cluster)).size;
      return [
        `${count} would become ${clusters <= 1 ? "one" : `${clusters}, one per cluster`}: “${action.name}”. Links to the old groups lead there; turning the rule off puts every record back.`,
      ];
    }
    case "split":
      return [`${count} would be divided by ${action.by}. Turning the rule off puts every record back.`];
    case "mute":
      return [
        `${groups.filter((group) => group.status !== "resolved").length} of ${count} would be muted, and new ones as they come.`,
      ];
    case "assign":
      return [`${count} would go to ${action.owner}, and new ones as they come.`];
    case "suggest":
      return [`${count} would show this suggestion.`];
    case "replay": {
      const passing = groups.filter((group) => causeById(group.cause).transient);
      const lasting = groups.filter((group) => !causeById(group.cause).transient);
      const sent = passing.reduce((sum, group) => sum + Math.min(action.atMost, group.open), 0);
      return [
        `Once the sink delivers again and ${action.quietMinutes} minutes are quiet, up to ${sent} records of ${passing.length} groups would be sent within a day, those with the verdict safe or chained.`,
        ...(lasting.length > 0
          ? [
              `${lasting.length} of ${count} have a cause that does not pass by itself; of those nothing would be sent.`,
            ]
          : []),
      ];
    }
  }
}
