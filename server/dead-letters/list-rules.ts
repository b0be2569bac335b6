import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import type { Rule, RuleId } from "#domain/dead-letters/rules.ts";
import type { Deps } from "#server/deps.ts";

export interface RuleRow {
  id: number;
  version: number;
  rule: Rule;
  enabled: boolean;
  createdAt: Date;
  createdBy: string;
  updatedAt: Date;
  updatedBy: string;
  /** What this version did so far: groups it touched, records it moved or sent. */
  groups: number;
  records: number;
  lastAt: Date | null;
  /** The last thing it did or waits for, in one sentence. */
  lastOutcome: string | null;
}

/** Rules in the order in which they are applied. */
export async function listRules({ pool }: Pick<Deps, "pool">, actor: Actor): Promise<RuleRow[]> {
  requirePermission(actor, "console:view");
  const { rows } = await pool.query<{
    id: number;
    version: number;
    rule: Rule;
    enabled: boolean;
    created_at: Date;
    created_by: string;
    updated_at: Date;
    updated_by: string;
    groups: number;
    records: string;
    last_at: Date | null;
    last_outcome: string | null;
  }>(
    `select r.*, h.groups, h.records, h.last_at, h.last_outcome from dead_letter_rules r
       left join lateral (
         select count(*)::int as groups, coalesce(sum(records), 0) as records, max(at) as last_at,
                (array_agg(outcome order by at desc))[1] as last_outcome
           from dead_letter_rule_hits h where h.rule_id = r.id and h.version = r.version) h on true
      where r.deleted_at is null order by r.id`,
  );
  return rows.map((row) => ({
    id: row.id,
    version: row.version,
    rule: row.rule,
    enabled: row.enabled,
    createdAt: row.created_at,
    createdBy: row.created_by,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    groups: row.groups,
    records: Number(row.records),
    lastAt: row.last_at,
    lastOutcome: row.last_outcome,
  }));
}

export interface RuleVersion {
  version: number;
  rule: Rule;
  enabled: boolean;
  deleted: boolean;
  at: Date;
  by: string;
}

/** What a rule was, newest first; also of one that was deleted. */
export async function listRuleVersions(
  { pool }: Pick<Deps, "pool">,
  actor: Actor,
  { id }: RuleId,
): Promise<RuleVersion[]> {
  requirePermission(actor, "console:view");
  const { rows } = await pool.query<RuleVersion>(
    `select version, rule, enabled, deleted, at, by from dead_letter_rule_versions where rule_id = $1 order by version desc limit 200`,
    [id],
  );
  return rows;
}
