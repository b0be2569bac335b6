import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { type Cause, causeById } from "#domain/dead-letters/causes.ts";
import { GROUP_FILTER } from "#domain/dead-letters/filter.ts";
import type { FailureStage, GroupStatus } from "#domain/dead-letters/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { type FilterToken, parseFilter } from "#domain/filters/grammar.ts";
import type { ListInput } from "#domain/filters/list-input.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { Deps } from "#server/deps.ts";
import { allOf, groupCondition } from "./record-conditions.ts";

export interface GroupRow {
  id: number;
  cluster: string;
  connector: string;
  table: string;
  stage: FailureStage;
  exceptions: string[];
  message: string;
  cause: Cause;
  status: GroupStatus;
  owner: string | null;
  records: number;
  open: number;
  /** About: within two per cent. */
  keys: number;
  firstSeen: Date | null;
  lastSeen: Date | null;
  /** Arrivals in each of the last 24 hours, oldest first. */
  hours: number[];
  systemic: string | null;
}

const SORTS: Record<string, string> = {
  open: "g.open",
  keys: "g.keys",
  records: "g.records",
  firstSeen: "g.first_seen",
  lastSeen: "g.last_seen",
  table: "g.table_name",
};

/** What waits for a person before what is done or put off; then by the number of rows concerned. */
const BY_IMPACT = "(g.open > 0 and g.status in ('open', 'regressed')) desc, g.keys desc, g.open desc";

/** Failure groups by impact: how many rows of how many keys wait for a repair. */
export async function listGroups(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
  input: ListInput,
): Promise<ListPage<GroupRow>> {
  requirePermission(actor, "console:view");
  const at = now();
  const values: unknown[] = [];
  const where = groupConditions(input.filter, values, at);
  const column = SORTS[input.sort.replace(/^-/, "")];
  const order = column ? `${column} ${input.sort.startsWith("-") ? "desc" : "asc"} nulls last` : BY_IMPACT;
  const [rows, total] = await Promise.all([
    readGroups(
      { pool },
      { where, values, order, limit: input.pageSize, offset: (input.page - 1) * input.pageSize, at },
    ),
    pool.query<{ n: number }>(`select count(*)::int as n from dead_letter_groups g where ${where}`, values),
  ]);
  return { total: total.rows[0]?.n ?? 0, rows };
}

interface GroupsWanted {
  /** A condition on `dead_letter_groups g` whose parameters are `values`. */
  where: string;
  values: readonly unknown[];
  order: string;
  limit: number;
  offset: number;
  at: Date;
}

/** Groups with what arrived in each of the last 24 hours. */
export async function readGroups(
  { pool }: Pick<Deps, "pool">,
  { where, values, order, at, ...page }: GroupsWanted,
): Promise<GroupRow[]> {
  const parameters = [...values];
  const [since, limit, offset] = [new Date(at.getTime() - 24 * 3_600_000), page.limit, page.offset].map(
    (value) => `$${parameters.push(value)}`,
  );
  const { rows } = await pool.query<StoredGroupRow>(
    `select g.id, g.cluster, g.connector, g.table_name, g.stage, g.exceptions, g.message, g.cause, g.status, g.owner,
            g.records, g.open, g.keys, g.first_seen, g.last_seen,
            case when g.systemic_until > now() and g.open > 0 then g.systemic end as systemic, recent.hours
       from (select * from dead_letter_groups g where ${where} order by ${order}, g.id limit ${limit} offset ${offset}) g
       left join lateral (
         select jsonb_object_agg(hour, records) as hours from (
           select floor(extract(epoch from (m.minute - ${since}::timestamptz)) / 3600)::int as hour, sum(m.records)::int as records
             from dead_letter_minutes m where m.group_id = g.id and m.minute >= ${since} group by 1) h) recent on true
      order by ${order}, g.id`,
    parameters,
  );
  return rows.map(toGroupRow);
}

function groupConditions(filter: string, values: unknown[], now: Date): string {
  const parsed = parseFilter(filter, GROUP_FILTER);
  const [dropped] = parsed.dropped;
  if (dropped) throw new AppError("invalid", `${dropped.text}: ${dropped.reason}`);
  const parameter = (value: unknown) => `$${values.push(value)}`;
  return ["g.records > 0", ...allOf(parsed.tokens, (token) => oneCondition(token, parameter, now))].join(
    " and ",
  );
}

function oneCondition(token: FilterToken, parameter: (value: unknown) => string, now: Date): string {
  const { key, value, negated, comparison, amount = 0 } = token;
  const is = (text: string) => (negated ? `(${text}) is not true` : text);
  if (key === "state") return is(`g.status = ${parameter(value)}`);
  if (key === "owner") return is(`g.owner = ${parameter(value)}`);
  if (key === "records") return is(`g.open ${comparison} ${parameter(amount)}`);
  if (key === "age") {
    const older = comparison.startsWith(">") || comparison === "=";
    return is(`g.last_seen ${older ? "<=" : ">="} ${parameter(new Date(now.getTime() - amount))}`);
  }
  return groupCondition(token, parameter);
}

interface StoredGroupRow {
  id: string;
  cluster: string;
  connector: string;
  table_name: string;
  stage: FailureStage;
  exceptions: string[];
  message: string;
  cause: string;
  status: GroupStatus;
  owner: string | null;
  records: string;
  open: string;
  keys: string;
  first_seen: Date | null;
  last_seen: Date | null;
  systemic: string | null;
  hours: Record<string, number> | null;
}

function toGroupRow(row: StoredGroupRow): GroupRow {
  return {
    id: Number(row.id),
    cluster: row.cluster,
    connector: row.connector,
    table: row.table_name,
    stage: row.stage,
    exceptions: row.exceptions,
    message: row.message,
    cause: causeById(row.cause),
    status: row.status,
    owner: row.owner,
    records: Number(row.records),
    open: Number(row.open),
    keys: Number(row.keys),
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    hours: Array.from({ length: 24 }, (_hour, index) => row.hours?.[index] ?? 0),
    systemic: row.systemic,
  };
}
