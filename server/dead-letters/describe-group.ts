import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { type GroupTimelineInput, TIMELINE } from "#domain/dead-letters/numbers.ts";
import type { Rule } from "#domain/dead-letters/rules.ts";
import type { FailureStage, GroupId } from "#domain/dead-letters/schema.ts";
import { type Ingredient, isOldWay, whyGrouped } from "#domain/dead-letters/why-grouped.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { readRates } from "./read-rates.ts";

export interface GroupShare {
  hours: number;
  /** Dead letters of this group since `since`. */
  records: number;
  /** Records of the table that the sink got through meanwhile; null: not known. */
  processed: number | null;
  /** Of the table's traffic; null where it cannot be told. */
  share: number | null;
  /** Of the table's dead letters. */
  ofDeadLetters: number | null;
  since: Date;
}

export interface GroupDescription {
  why: Ingredient[];
  /** True: an older way of grouping made it; new records of the same failure are in another group. */
  isOldWay: boolean;
  /** The rule that gathered or divided records into this group. */
  rule: { id: number; name: string; action: Rule["action"]["do"] } | null;
  /** Where a rule put its records; this group is empty then. */
  movedTo: number[];
  suggestion: string | null;
  /** Set while a flood from one fault goes on: pausing this sink comes before any repair. */
  pauseFirst: { cluster: string; connector: string; text: string; until: Date } | null;
  shares: GroupShare[];
  topics: { topic: string; records: number }[];
  /** Different stack traces of the same failure, most frequent first. */
  traces: { id: number; exception: string; failedIn: string | null; frames: string; records: number }[];
  /** Records to look at; oldest first. Counted over at most the newest 10,000. */
  samples: { oldest: number | null; newest: number | null; random: number[] };
  countedOver: number;
}

interface StoredGroup {
  cluster: string;
  connector: string;
  table_name: string;
  stage: FailureStage;
  exceptions: string[];
  message: string;
  version: number;
  rule_id: number | null;
  moved_to: string[] | null;
  suggestion: string | null;
  systemic: string | null;
  systemic_until: Date | null;
  rule: Rule | null;
}

const COUNTED = 10_000;

/** What the records of a group have in common, what they are a share of, and examples of them. */
export async function describeGroup(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
  { id }: GroupId,
): Promise<GroupDescription> {
  requirePermission(actor, "console:view");
  const { rows } = await pool.query<StoredGroup>(
    `select g.cluster, g.connector, g.table_name, g.stage, g.exceptions, g.message, g.version, g.rule_id, g.moved_to,
            g.suggestion, case when g.open > 0 then g.systemic end as systemic, g.systemic_until, r.rule
       from dead_letter_groups g left join dead_letter_rules r on r.id = g.rule_id where g.id = $1`,
    [id],
  );
  const [group] = rows;
  if (!group) throw new AppError("not_found", "There is no such failure group");
  const at = now();
  const [shares, counted, samples] = await Promise.all([
    Promise.all([1, 24].map((hours) => shareOf({ pool }, id, group, hours, at))),
    countParts({ pool }, id),
    findSamples({ pool }, id),
  ]);
  const isFlood = group.systemic !== null && group.systemic_until !== null && group.systemic_until > at;
  return {
    why: whyGrouped({ ...group, table: group.table_name }),
    isOldWay: group.rule_id === null && isOldWay(group.version),
    rule:
      group.rule_id !== null && group.rule
        ? { id: group.rule_id, name: group.rule.name, action: group.rule.action.do }
        : null,
    movedTo: (group.moved_to ?? []).map(Number),
    suggestion: group.suggestion,
    pauseFirst: isFlood
      ? {
          cluster: group.cluster,
          connector: group.connector,
          text: group.systemic ?? "",
          until: group.systemic_until ?? at,
        }
      : null,
    shares,
    ...counted,
    samples,
  };
}

async function shareOf(
  { pool }: Pick<Deps, "pool">,
  id: number,
  { cluster, connector, table_name: table }: StoredGroup,
  hours: number,
  at: Date,
): Promise<GroupShare> {
  const from = new Date(at.getTime() - hours * 3_600_000);
  const [rate] = await readRates({ pool }, { from, only: { cluster, connector, table } });
  const since = rate?.since ?? from;
  const { rows } = await pool.query<{ n: number }>(
    "select coalesce(sum(records), 0)::int as n from dead_letter_minutes where group_id = $1 and minute >= date_trunc('minute', $2::timestamptz)",
    [id, since],
  );
  const records = rows[0]?.n ?? 0;
  const processed = rate?.processed ?? null;
  return {
    hours,
    records,
    processed,
    share: records === 0 ? 0 : processed ? Math.min(1, records / processed) : null,
    ofDeadLetters: rate && rate.deadLettered > 0 ? Math.min(1, records / rate.deadLettered) : null,
    since,
  };
}

async function countParts(
  { pool }: Pick<Deps, "pool">,
  id: number,
): Promise<Pick<GroupDescription, "topics" | "traces" | "countedOver">> {
  const { rows } = await pool.query<{ error_id: string; topic: string | null; n: number }>(
    `select error_id, original_topic as topic, count(*)::int as n
       from (select error_id, original_topic from dead_letters where group_id = $1 order by id desc limit ${COUNTED}) d
      group by 1, 2`,
    [id],
  );
  const sums = <K>(pick: (row: (typeof rows)[number]) => K) => {
    const counts = new Map<K, number>();
    for (const row of rows) counts.set(pick(row), (counts.get(pick(row)) ?? 0) + row.n);
    return [...counts].sort(([, a], [, b]) => b - a).slice(0, 10);
  };
  const traces = sums((row) => row.error_id);
  const errors = await pool.query<{
    id: string;
    exception: string;
    failed_in: string | null;
    frames: string;
  }>("select id, exception, failed_in, frames from dead_letter_errors where id = any($1)", [
    traces.map(([error]) => error),
  ]);
  const byId = new Map(errors.rows.map((row) => [row.id, row]));
  return {
    topics: sums((row) => row.topic).flatMap(([topic, records]) =>
      topic === null ? [] : [{ topic, records }],
    ),
    traces: traces.flatMap(([error, records]) => {
      const row = byId.get(error);
      return row
        ? [
            {
              id: Number(row.id),
              exception: row.exception,
              failedIn: row.failed_in,
              frames: row.frames,
              records,
            },
          ]
        : [];
    }),
    countedOver: rows.reduce((sum, row) => sum + row.n, 0),
  };
}

async function findSamples({ pool }: Pick<Deps, "pool">, id: number): Promise<GroupDescription["samples"]> {
  const ids = async (order: string) =>
    (
      await pool.query<{ id: string }>(
        `select id from dead_letters where group_id = $1 order by id ${order} limit 1`,
        [id],
      )
    ).rows[0]?.id;
  const [oldest, newest] = await Promise.all([ids("asc"), ids("desc")]);
  if (oldest === undefined || newest === undefined) return { oldest: null, newest: null, random: [] };
  // The next record behind a random number: as good as random for looking at, and an index away.
  const { rows } = await pool.query<{ id: string }>(
    `select distinct d.id from generate_series(1, 5), lateral (
       select id from dead_letters where group_id = $1
          and id >= $2::bigint + floor(random() * ($3::bigint - $2::bigint + 1))::bigint + 0 * generate_series
        order by id limit 1) d`,
    [id, oldest, newest],
  );
  return { oldest: Number(oldest), newest: Number(newest), random: rows.map((row) => Number(row.id)) };
}

export interface GroupTimeline {
  bucketSeconds: number;
  /** Arrivals, oldest first, without gaps. */
  buckets: { from: Date; records: number }[];
}

/** When the records of a group arrived. */
export async function getGroupTimeline(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
  { id, range }: GroupTimelineInput,
): Promise<GroupTimeline> {
  requirePermission(actor, "console:view");
  const { seconds, buckets } = TIMELINE[range];
  const last = Math.floor(now().getTime() / 1_000 / seconds);
  const first = last - buckets + 1;
  const { rows } = await pool.query<{ bucket: number; records: number }>(
    `select floor(extract(epoch from minute) / $3)::bigint::int as bucket, sum(records)::int as records
       from dead_letter_minutes where group_id = $1 and minute >= to_timestamp($2::bigint) group by 1`,
    [id, first * seconds, seconds],
  );
  const counts = new Map(rows.map((row) => [row.bucket, row.records]));
  return {
    bucketSeconds: seconds,
    buckets: Array.from({ length: buckets }, (_bucket, index) => ({
      from: new Date((first + index) * seconds * 1_000),
      records: counts.get(first + index) ?? 0,
    })),
  };
}
