import type { Actor } from "#domain/access/permissions.ts";
import { connectorHealth } from "#domain/connectors/health.ts";
import type { ConnectState } from "#domain/connectors/schema.ts";
import { causeById } from "#domain/dead-letters/causes.ts";
import { decideSending, type GroupToSend, type Rule, type RuleAction } from "#domain/dead-letters/rules.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { startRun } from "#server/plans/start-run.ts";
import { freezeReplay } from "./propose-replay.ts";
import { groupsOfRule } from "./rule-conditions.ts";
import { withRoundLock } from "./with-round-lock.ts";

interface SendingRule {
  id: number;
  version: number;
  name: string;
  match: Rule["match"];
  action: Extract<RuleAction, { do: "replay" }>;
}

interface GroupRow {
  id: string;
  cluster: string;
  connector: string;
  cause: string;
  status: string;
  open: string;
  last_seen: Date | null;
  sink_state: ConnectState | null;
  tasks: { state: ConnectState }[] | null;
  delivered_since: string | null;
  sent_at: Date | null;
  sent: string | null;
  plan_id: string | null;
  outcome: string | null;
  run_state: string | null;
  failed_items: number | null;
}

/** After a refusal the topics are not read again for so long. */
const AFTER_REFUSAL_MS = 15 * 60_000;
const DAY_MS = 24 * 3_600_000;

/** Whichever worker has it sends what rules say: what was sent within a day is counted between rounds. */
const LOCK = 7_301_403;
/** So many of a group are judged to find the ones that may be sent. */
const MOST_JUDGED = 1_000;
const REFUSED = "Not sent: ";

/** Sends records again where a rule says so and the fault is over. What a rule did or waits for is kept with it. */
export async function replayByRules(deps: Deps): Promise<number> {
  return (await withRoundLock(deps.pool, LOCK, () => sendByRules(deps))) ?? 0;
}

async function sendByRules(deps: Deps): Promise<number> {
  const { rows } = await deps.pool.query<{ id: number; version: number; rule: Rule }>(
    "select id, version, rule from dead_letter_rules where enabled and deleted_at is null and rule -> 'action' ->> 'do' = 'replay' order by id",
  );
  let started = 0;
  for (const { id, version, rule } of rows) {
    if (rule.action.do !== "replay") continue;
    const sending: SendingRule = { id, version, name: rule.name, match: rule.match, action: rule.action };
    for (const group of await matchedGroups(deps, sending))
      if (await consider(deps, sending, group)) started += 1;
  }
  return started;
}

async function matchedGroups({ pool }: Pick<Deps, "pool">, rule: SendingRule): Promise<GroupRow[]> {
  const { text, values } = groupsOfRule(rule.match);
  const parameter = (value: unknown) => `$${values.push(value)}`;
  const { rows } = await pool.query<GroupRow>(
    `select g.id, g.cluster, g.connector, g.cause, g.status, g.open, g.last_seen, o.state as sink_state, o.tasks,
            newest.delivered - at_failure.delivered as delivered_since,
            h.at as sent_at, h.records as sent, h.plan_id, h.outcome, run.state as run_state, run.failed_items
       from dead_letter_groups g
       left join observed_connectors o on o.cluster = g.cluster and o.name = g.connector and o.removed_at is null
       left join lateral (select delivered from dead_letter_traffic t where t.cluster = g.cluster and t.connector = g.connector
          and t.table_name = g.table_name order by minute desc limit 1) newest on true
       left join lateral (select delivered from dead_letter_traffic t where t.cluster = g.cluster and t.connector = g.connector
          and t.table_name = g.table_name and t.minute <= g.last_seen order by minute desc limit 1) at_failure on true
       left join dead_letter_rule_hits h on h.rule_id = ${parameter(rule.id)} and h.version = ${parameter(rule.version)} and h.group_id = g.id
       left join lateral (select r.state, (select count(*)::int from run_items i where i.run_id = r.id and i.state = 'failed') as failed_items
          from runs r where r.plan_id = h.plan_id order by r.queued_at desc limit 1) run on true
      where g.open > 0 and ${text} order by g.id`,
    values,
  );
  return rows;
}

async function consider(deps: Deps, rule: SendingRule, group: GroupRow): Promise<boolean> {
  const at = deps.now();
  const isRecent = (within: number) =>
    group.sent_at !== null && at.getTime() - group.sent_at.getTime() < within;
  // Refused a moment ago: neither sent nor planned, but noted.
  if (group.outcome?.startsWith(REFUSED) && isRecent(AFTER_REFUSAL_MS)) return false;
  const decision = decideSending(
    {
      status: group.status,
      open: Number(group.open),
      isTransient: causeById(group.cause).transient,
      lastSeen: group.last_seen,
      sinkRuns:
        group.sink_state !== null &&
        connectorHealth(
          group.sink_state,
          (group.tasks ?? []).map((task) => task.state),
        ) === "healthy",
      deliveredSince: group.delivered_since === null ? undefined : Number(group.delivered_since),
      sentToday: isRecent(DAY_MS) ? Number(group.sent) : 0,
      lastRun: lastRunOf(group),
    },
    rule.action,
    at,
  );
  if ("stop" in decision) {
    await noteOutcome(deps, rule, group, decision.stop);
    return false;
  }
  if ("wait" in decision) return false;
  return await send(deps, rule, group, decision.send, isRecent(DAY_MS) ? Number(group.sent) : 0);
}

function lastRunOf({ plan_id, run_state, failed_items }: GroupRow): GroupToSend["lastRun"] {
  if (plan_id === null || run_state === null) return "none";
  if (run_state === "succeeded") return (failed_items ?? 0) > 0 ? "failed" : "delivered";
  return run_state === "queued" || run_state === "running" || run_state === "aborting" ? "working" : "failed";
}

async function send(
  deps: Deps,
  rule: SendingRule,
  group: GroupRow,
  limit: number,
  sentBefore: number,
): Promise<boolean> {
  const actor: Actor = {
    id: `system:rule-${rule.id}`,
    name: `Rule “${rule.name}”`,
    roles: ["operator"],
    via: "worker",
  };
  const { rows } = await deps.pool.query<{ id: string }>(
    "select id from dead_letters where group_id = $1 and status = 'PENDING' order by id limit $2",
    [group.id, MOST_JUDGED],
  );
  const input = {
    cluster: group.cluster,
    selection: { ids: rows.map((row) => Number(row.id)) },
    alsoSend: [],
    canary: 0,
  };
  try {
    const { planId, counts } = await freezeReplay(deps, actor, input, { atMost: limit });
    // Written before the start: should this worker die in between, the plan expires and nothing was sent unseen.
    await keep(deps, rule, group, sentBefore + counts.sent, `${counts.sent} records are sent again`, planId);
    await startRun(deps, actor, { planId, confirmation: { reason: `By the rule “${rule.name}”` } });
    return true;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The last plan that did run stays: how it ended decides whether the rule goes on.
    await keep(deps, rule, group, sentBefore, `${REFUSED}${error.message}`, group.plan_id);
    return false;
  }
}

async function keep(
  { pool, now }: Pick<Deps, "pool" | "now">,
  rule: SendingRule,
  group: GroupRow,
  records: number,
  outcome: string,
  planId: string | null,
): Promise<void> {
  await pool.query(
    `insert into dead_letter_rule_hits (rule_id, version, group_id, at, records, outcome, plan_id) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (rule_id, version, group_id) do update
       set at = excluded.at, records = excluded.records, outcome = excluded.outcome, plan_id = excluded.plan_id`,
    [rule.id, rule.version, group.id, now(), records, outcome, planId],
  );
}

/** What stands in the way is told with the rule; when and how much it sent stays. */
async function noteOutcome(
  { pool, now }: Pick<Deps, "pool" | "now">,
  rule: SendingRule,
  group: GroupRow,
  outcome: string,
): Promise<void> {
  await pool.query(
    `insert into dead_letter_rule_hits (rule_id, version, group_id, at, outcome) values ($1, $2, $3, $4, $5)
     on conflict (rule_id, version, group_id) do update set outcome = excluded.outcome where dead_letter_rule_hits.outcome <> excluded.outcome`,
    [rule.id, rule.version, group.id, now(), outcome],
  );
}
