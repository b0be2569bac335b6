import type pg from "pg";
import type { AlertKind } from "#domain/dead-letters/rates.ts";
import { FLOOD_PER_SECOND, systemicFault } from "#domain/dead-letters/systemic.ts";
import type { Deps } from "#server/deps.ts";
import { CHANGES_CHANNEL } from "#server/live/notify-change.ts";
import { type RateScope, readRates } from "./read-rates.ts";
import { inTransaction } from "./settle-records.ts";

const MINUTE_MS = 60_000;
const SHARE_WINDOW_MS = 60 * MINUTE_MS;
/** A flood counts as going on for so long after it was last seen. */
const SYSTEMIC_FOR_MS = 5 * MINUTE_MS;
/** Whichever worker has it looks; the others have nothing to add. */
const LOCK = 7_301_401;

interface MinuteRow {
  cluster: string;
  connector: string;
  table_name: string;
  minute: Date;
  records: number;
  largest: number;
  group_id: string;
  before: string | null;
  after: string | null;
}

interface Crossed extends RateScope {
  kind: AlertKind;
  value: number;
}

/** Looks at the last minutes and the last hour: marks floods on their group, and opens and closes alerts. */
export async function watchRates({ pool, now, log }: Pick<Deps, "pool" | "now" | "log">): Promise<void> {
  const at = now();
  const minutes = await readMinutes({ pool }, at);
  const shares = await readRates({ pool }, { from: new Date(at.getTime() - SHARE_WINDOW_MS) });
  const crossed = [
    ...floods(minutes),
    ...shares.flatMap((rate): Crossed[] =>
      rate.isOver && rate.share !== null
        ? [
            {
              kind: "share",
              cluster: rate.cluster,
              connector: rate.connector,
              table: rate.table,
              value: rate.share,
            },
          ]
        : [],
    ),
  ];
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_xact_lock($1) as got", [
      LOCK,
    ]);
    if (!rows[0]?.got) return;
    const marked = await markSystemic(client, minutes, at);
    const opened = await openAlerts(client, crossed, at);
    const closed = await closeAlerts(client, crossed, at);
    for (const text of marked) log.warn({ text }, "one fault makes many dead letters");
    if (marked.length + opened + closed > 0)
      await client.query("select pg_notify($1, $2)", [
        CHANGES_CHANNEL,
        JSON.stringify({ subject: "deadLetters", key: "alerts" }),
      ]);
  });
}

/** Dead letters of the last whole minute and of the one that runs, with what the sink got through meanwhile. */
async function readMinutes({ pool }: Pick<Deps, "pool">, at: Date): Promise<MinuteRow[]> {
  const current = Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS;
  const { rows } = await pool.query<MinuteRow>(
    `with seen as (
       select g.cluster, g.connector, g.table_name, m.minute, sum(m.records)::int as records, max(m.records)::int as largest,
              (array_agg(m.group_id order by m.records desc))[1] as group_id
         from dead_letter_minutes m join dead_letter_groups g on g.id = m.group_id
        where m.minute between $1 and $2 group by 1, 2, 3, 4)
     select seen.*, before.delivered as before, after.delivered as after from seen
       left join lateral (select delivered from dead_letter_traffic t where t.cluster = seen.cluster and t.connector = seen.connector
          and t.table_name = seen.table_name and t.minute < seen.minute order by t.minute desc limit 1) before on true
       left join lateral (select delivered from dead_letter_traffic t where t.cluster = seen.cluster and t.connector = seen.connector
          and t.table_name = seen.table_name and t.minute <= seen.minute order by t.minute desc limit 1) after on true
      order by seen.minute`,
    [new Date(current - MINUTE_MS), new Date(current)],
  );
  return rows;
}

function floods(minutes: readonly MinuteRow[]): Crossed[] {
  const found = new Map<string, Crossed>();
  for (const row of minutes) {
    const value = row.records / 60;
    const key = `${row.cluster}\n${row.connector}\n${row.table_name}`;
    if (value <= FLOOD_PER_SECOND || value <= (found.get(key)?.value ?? 0)) continue;
    found.set(key, {
      kind: "flood",
      cluster: row.cluster,
      connector: row.connector,
      table: row.table_name,
      value,
    });
  }
  return [...found.values()];
}

async function markSystemic(
  client: pg.ClientBase,
  minutes: readonly MinuteRow[],
  at: Date,
): Promise<string[]> {
  const fresh: string[] = [];
  for (const row of minutes) {
    const grown =
      row.before === null || row.after === null ? undefined : Number(row.after) - Number(row.before);
    const fault = systemicFault(row.table_name, {
      deadLettered: row.records,
      consumed: grown !== undefined && grown >= 0 ? grown : undefined,
      largestGroup: row.largest,
    });
    if (!fault) continue;
    const { rows } = await client.query<{ was: Date | null }>(
      `update dead_letter_groups g set systemic = $2, systemic_until = $3
         from (select id, systemic_until as was from dead_letter_groups where id = $1 for update) old
        where g.id = old.id returning old.was`,
      [row.group_id, fault.text, new Date(at.getTime() + SYSTEMIC_FOR_MS)],
    );
    if (rows[0] && (rows[0].was === null || rows[0].was < at)) fresh.push(fault.text);
  }
  return fresh;
}

async function openAlerts(client: pg.ClientBase, crossed: readonly Crossed[], at: Date): Promise<number> {
  let opened = 0;
  for (const { kind, cluster, connector, table, value } of crossed) {
    const { rows } = await client.query<{ fresh: boolean }>(
      `insert into dead_letter_alerts (kind, cluster, connector, table_name, since, value, worst, checked_at)
       values ($1, $2, $3, $4, $6, $5, $5, $6)
       on conflict (kind, cluster, connector, table_name) where cleared_at is null
       do update set value = excluded.value, worst = greatest(dead_letter_alerts.worst, excluded.value), checked_at = excluded.checked_at
       returning xmax = 0 as fresh`,
      [kind, cluster, connector, table, value, at],
    );
    if (rows[0]?.fresh) opened += 1;
  }
  return opened;
}

async function closeAlerts(client: pg.ClientBase, crossed: readonly Crossed[], at: Date): Promise<number> {
  const { rowCount } = await client.query(
    `update dead_letter_alerts a set cleared_at = $5, checked_at = $5
      where a.cleared_at is null and not exists (
        select 1 from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as now(kind, cluster, connector, table_name)
         where now.kind = a.kind and now.cluster = a.cluster and now.connector = a.connector and now.table_name = a.table_name)`,
    [
      crossed.map((one) => one.kind),
      crossed.map((one) => one.cluster),
      crossed.map((one) => one.connector),
      crossed.map((one) => one.table),
      at,
    ],
  );
  return rowCount ?? 0;
}
