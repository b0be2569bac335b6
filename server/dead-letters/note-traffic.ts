import { eq } from "drizzle-orm";
import { tableProgress } from "#db/schema/observed.ts";
import { tableOfTopic } from "#domain/dead-letters/grouping.ts";
import type { Deps } from "#server/deps.ts";

/** Minutes are kept so long; after that one reading an hour. */
const FINE_MS = 2 * 3_600_000;
const KEPT_MS = 31 * 86_400_000;

interface Counter {
  connector: string;
  table: string;
  source: string;
  delivered: number;
}

/** Notes how far each sink is with each table, where that has changed: what dead letters are a share of. */
export async function noteTraffic(
  { db, pool, now }: Pick<Deps, "db" | "pool" | "now">,
  cluster: string,
): Promise<number> {
  const lanes = await db
    .select({ source: tableProgress.source, topic: tableProgress.topic, sinks: tableProgress.sinks })
    .from(tableProgress)
    .where(eq(tableProgress.cluster, cluster));
  const counters = new Map<string, Counter>();
  for (const { source, topic, sinks } of lanes)
    for (const { name, delivered } of sinks) {
      if (delivered === null) continue;
      const table = tableOfTopic(topic);
      const known = counters.get(`${name}\n${table}`);
      // Tables of one name from two sources are one to the sink's dead letters, so they are one here.
      if (known) known.delivered += delivered;
      else counters.set(`${name}\n${table}`, { connector: name, table, source, delivered });
    }
  const rows = [...counters.values()];
  if (rows.length === 0) return 0;
  const { rowCount } = await pool.query(
    `insert into dead_letter_traffic (cluster, connector, table_name, minute, source, delivered)
     select $1, seen.connector, seen.table_name, date_trunc('minute', $2::timestamptz), seen.source, seen.delivered
       from unnest($3::text[], $4::text[], $5::text[], $6::bigint[]) as seen(connector, table_name, source, delivered)
       left join lateral (
         select t.delivered from dead_letter_traffic t
          where t.cluster = $1 and t.connector = seen.connector and t.table_name = seen.table_name
          order by t.minute desc limit 1) last on true
      where last.delivered is distinct from seen.delivered
     on conflict (cluster, connector, table_name, minute) do update set delivered = excluded.delivered, source = excluded.source`,
    [
      cluster,
      now(),
      rows.map((row) => row.connector),
      rows.map((row) => row.table),
      rows.map((row) => row.source),
      rows.map((row) => row.delivered),
    ],
  );
  return rowCount ?? 0;
}

/** Thins out old readings, so that a year of watching is not a year of minutes. */
export async function thinTraffic({ pool, now }: Pick<Deps, "pool" | "now">): Promise<void> {
  const at = now().getTime();
  await pool.query(
    `delete from dead_letter_traffic t
      where t.minute < $2
         or (t.minute < $1 and exists (
               select 1 from dead_letter_traffic later
                where later.cluster = t.cluster and later.connector = t.connector and later.table_name = t.table_name
                  and later.minute > t.minute and date_trunc('hour', later.minute) = date_trunc('hour', t.minute)))`,
    [new Date(at - FINE_MS), new Date(at - KEPT_MS)],
  );
  await pool.query("delete from dead_letter_minutes where minute < $1", [new Date(at - KEPT_MS)]);
}
