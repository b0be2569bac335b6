import type pg from "pg";
import { OTHER_PARTS, partsOf, type Rule, type RuleAction } from "#domain/dead-letters/rules.ts";
import type { Deps } from "#server/deps.ts";
import { CHANGES_CHANNEL } from "#server/live/notify-change.ts";
import { moveRecords } from "./move-records.ts";
import { groupsOfRule, SPLIT_VALUE } from "./rule-conditions.ts";
import { inTransaction } from "./settle-records.ts";
import { withRoundLock } from "./with-round-lock.ts";

const BATCH = 10_000;
/** Whichever worker has it applies the rules. */
const LOCK = 7_301_402;

interface StoredRule {
  id: number;
  version: number;
  rule: Rule;
}

interface StoredGroup {
  id: number;
  cluster: string;
  stage: string;
  connector: string;
  table_name: string;
  exceptions: string[];
  message: string;
  cause: string;
  records: number;
}

type Regroup = Extract<RuleAction, { do: "merge" | "split" }>;
type Classify = Extract<RuleAction, { do: "mute" | "assign" | "suggest" }>;

/**
 * Does what rules say with the groups there are now. Regrouping moves records by batches, each with all counters in one
 * transaction, so an interrupted round is only unfinished. Returns how many records moved and groups were classified.
 */
export async function applyRules({ pool, now }: Pick<Deps, "pool" | "now">): Promise<number> {
  const done = await withRoundLock(pool, LOCK, async (session) => {
    const rules = await readRules(session);
    let changed = (await undoOld(pool, rules, now())) + (await withdrawSuggestions(pool));
    for (const rule of rules) changed += await applyRule(pool, rule, now());
    if (changed > 0)
      await session.query("select pg_notify($1, $2)", [
        CHANGES_CHANNEL,
        JSON.stringify({ subject: "deadLetters", key: "rules" }),
      ]);
    return changed;
  });
  return done ?? 0;
}

async function readRules(client: pg.ClientBase): Promise<StoredRule[]> {
  const { rows } = await client.query<StoredRule>(
    "select id, version, rule from dead_letter_rules where enabled and deleted_at is null order by id",
  );
  return rows;
}

/** Groups made by rules that are off, gone, or another version now: their records go home. */
async function undoOld(pool: pg.Pool, rules: readonly StoredRule[], at: Date): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(
    `select id from dead_letter_groups g where g.rule_id is not null and g.records > 0
        and not exists (select 1 from unnest($1::text[]) as prefix where starts_with(g.fingerprint, prefix))`,
    [rules.map(prefixOf)],
  );
  let moved = 0;
  for (const { id } of rows) {
    for (;;) {
      const count = await inTransaction(pool, async (client) => {
        const letters = await client.query<{ id: string; home: string }>(
          "select id, home_group_id as home from dead_letters where group_id = $1 and home_group_id is not null order by id limit $2",
          [id, BATCH],
        );
        const moves = letters.rows.map((row) => ({ id: Number(row.id), to: Number(row.home) }));
        return await moveRecords(client, Number(id), moves, { isHome: true, at });
      });
      moved += count;
      if (count < BATCH) break;
    }
  }
  return moved;
}

/** What a rule suggested is shown as long as that version of it is on; then what another says, if any. */
async function withdrawSuggestions(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `with said as (
       select h.group_id, r.id, r.rule -> 'action' ->> 'text' as text
         from dead_letter_rule_hits h join dead_letter_rules r on r.id = h.rule_id and r.version = h.version
        where r.enabled and r.deleted_at is null and r.rule -> 'action' ->> 'do' = 'suggest')
     update dead_letter_groups g
        set suggestion = (select said.text from said where said.group_id = g.id order by said.id desc limit 1)
      where g.suggestion is not null
        and not exists (select 1 from said where said.group_id = g.id and said.text = g.suggestion)`,
  );
  return rowCount ?? 0;
}

async function applyRule(pool: pg.Pool, stored: StoredRule, at: Date): Promise<number> {
  const { action, match } = stored.rule;
  if (action.do === "replay") return 0;
  const { text, values } = groupsOfRule(match);
  const conditions = [text];
  const isRegrouping = action.do === "merge" || action.do === "split";
  if (!isRegrouping)
    conditions.push(
      `not exists (select 1 from dead_letter_rule_hits h where h.rule_id = $${values.push(stored.id)}
         and h.version = $${values.push(stored.version)} and h.group_id = g.id)`,
    );
  // A resolved group is muted when it has come back, not before.
  if (action.do === "mute") conditions.push("g.status in ('open', 'regressed')");
  const { rows } = await pool.query<StoredGroup>(
    `select g.id::int8::float8 as id, g.cluster, g.stage, g.connector, g.table_name, g.exceptions, g.message, g.cause,
            g.records::float8 as records from dead_letter_groups g where ${conditions.join(" and ")} order by g.id`,
    values,
  );
  if (!isRegrouping) return await classify(pool, stored, action, rows, at);
  let moved = 0;
  for (const group of rows) moved += await regroup(pool, stored, action, group, rows, at);
  return moved;
}

async function regroup(
  pool: pg.Pool,
  stored: StoredRule,
  action: Regroup,
  group: StoredGroup,
  all: readonly StoredGroup[],
  at: Date,
): Promise<number> {
  const own = action.do === "split" ? await largestParts(pool, stored, group.id, action) : undefined;
  const targets = new Map<string, number>();
  const targetOf = async (value: string): Promise<number> => {
    const known = targets.get(value);
    if (known !== undefined) return known;
    const made = await keepTarget(pool, stored, action, group, all, value);
    targets.set(value, made);
    return made;
  };
  let moved = 0;
  for (;;) {
    const { rows } = await pool.query<{ id: string; value: string }>(
      `select d.id, ${action.do === "split" ? SPLIT_VALUE[action.by] : "''"} as value from dead_letters d
        where d.group_id = $1 order by d.id limit $2`,
      [group.id, BATCH],
    );
    const moves: { id: number; to: number }[] = [];
    for (const row of rows) {
      const value = own === undefined ? "" : own.has(row.value) ? row.value : OTHER_PARTS;
      moves.push({ id: Number(row.id), to: await targetOf(value) });
    }
    const count = await inTransaction(pool, (client) =>
      moveRecords(client, group.id, moves, { isHome: false, at }),
    );
    moved += count;
    if (rows.length < BATCH || count === 0) break;
  }
  if (moved > 0) await noteHit(pool, stored, group.id, at, moved, `${moved} records moved`);
  return moved;
}

/** The parts there are already stay; new values get a part while there is room. */
async function largestParts(
  pool: pg.Pool,
  stored: StoredRule,
  group: number,
  { by }: Extract<Regroup, { do: "split" }>,
): Promise<Set<string>> {
  const prefix = `${prefixOf(stored)}${group}:`;
  const { rows } = await pool.query<{ value: string; n: number }>(
    `select value, sum(n)::float8 as n from (
       select ${SPLIT_VALUE[by]} as value, count(*) as n from dead_letters d where d.group_id = $1 group by 1
       union all
       select substr(g.fingerprint, length($2) + 1), g.records from dead_letter_groups g where starts_with(g.fingerprint, $2)) parts
      where value <> $3 group by 1`,
    [group, prefix, OTHER_PARTS],
  );
  return new Set(partsOf(new Map(rows.map((row) => [row.value, row.n]))));
}

function prefixOf({ id, version }: StoredRule): string {
  return `rule:${id}:${version}:`;
}

async function keepTarget(
  pool: pg.Pool,
  stored: StoredRule,
  action: Regroup,
  group: StoredGroup,
  all: readonly StoredGroup[],
  value: string,
): Promise<number> {
  const inCluster = all.filter((other) => other.cluster === group.cluster);
  const common = (pick: (one: StoredGroup) => string, otherwise: string) =>
    inCluster.every((one) => pick(one) === pick(group)) ? pick(group) : otherwise;
  const isMerge = action.do === "merge";
  const { rows } = await pool.query<{ id: string }>(
    `insert into dead_letter_groups (cluster, fingerprint, version, stage, connector, table_name, exceptions, message, cause, rule_id)
     values ($1, $2, 0, $3, $4, $5, $6, $7, $8, $9)
     on conflict (cluster, fingerprint) do update set rule_id = excluded.rule_id returning id`,
    [
      group.cluster,
      isMerge ? `${prefixOf(stored)}all` : `${prefixOf(stored)}${group.id}:${value}`,
      isMerge ? common((one) => one.stage, "UNKNOWN") : group.stage,
      isMerge ? common((one) => one.connector, "") : group.connector,
      isMerge ? common((one) => one.table_name, "") : group.table_name,
      group.exceptions,
      isMerge ? action.name : `${group.message} (${action.by}: ${value})`,
      isMerge ? common((one) => one.cause, "other") : group.cause,
      stored.id,
    ],
  );
  return Number(rows[0]?.id);
}

async function classify(
  pool: pg.Pool,
  stored: StoredRule,
  action: Classify,
  groups: readonly StoredGroup[],
  at: Date,
): Promise<number> {
  let done = 0;
  for (const group of groups) {
    const fresh = await inTransaction(pool, async (client) => {
      if (action.do === "mute" && !(await isMutable(client, group))) return false;
      // Once per version and group: whoever changes it afterwards has the last word.
      const { rowCount } = await client.query(
        `insert into dead_letter_rule_hits (rule_id, version, group_id, at, outcome) values ($1, $2, $3, $4, $5)
         on conflict do nothing`,
        [stored.id, stored.version, group.id, at, outcomeOf(action)],
      );
      if (rowCount === 0) return false;
      await change(client, action, group, at);
      return true;
    });
    if (fresh) done += 1;
  }
  return done;
}

/** Settled meanwhile, there is nothing to mute; locked, it stays so. */
async function isMutable(client: pg.ClientBase, { id }: StoredGroup): Promise<boolean> {
  const { rows } = await client.query(
    "select 1 from dead_letter_groups where id = $1 and status in ('open', 'regressed') for update",
    [id],
  );
  return rows.length > 0;
}

async function change(client: pg.ClientBase, action: Classify, group: StoredGroup, at: Date): Promise<void> {
  if (action.do === "assign")
    await client.query("update dead_letter_groups set owner = $2 where id = $1", [group.id, action.owner]);
  else if (action.do === "suggest")
    await client.query("update dead_letter_groups set suggestion = $2 where id = $1", [
      group.id,
      action.text,
    ]);
  else
    await client.query(
      "update dead_letter_groups set status = 'muted', mute_until_count = $2, mute_until_at = $3 where id = $1",
      [
        group.id,
        action.untilTimes === undefined ? null : Math.ceil(group.records * action.untilTimes),
        action.untilHours === undefined ? null : new Date(at.getTime() + action.untilHours * 3_600_000),
      ],
    );
}

function outcomeOf(action: Classify): string {
  if (action.do === "assign") return `Assigned to ${action.owner}`;
  return action.do === "suggest" ? "Suggestion shown" : "Muted";
}

async function noteHit(
  pool: pg.Pool,
  { id, version }: StoredRule,
  group: number,
  at: Date,
  records: number,
  outcome: string,
): Promise<void> {
  await pool.query(
    `insert into dead_letter_rule_hits (rule_id, version, group_id, at, records, outcome) values ($1, $2, $3, $4, $5, $6)
     on conflict (rule_id, version, group_id) do update
       set at = excluded.at, records = dead_letter_rule_hits.records + excluded.records, outcome = excluded.outcome`,
    [id, version, group, at, records, outcome],
  );
}
