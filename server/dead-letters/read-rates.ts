import { grownSince, type Rate, type Reading, rateOf } from "#domain/dead-letters/rates.ts";
import type { Deps } from "#server/deps.ts";

export interface TableRate extends Rate {
  cluster: string;
  connector: string;
  table: string;
  /** The source connector whose pipeline it is; null where no traffic of it was ever seen. */
  source: string | null;
  /** Since when the numbers are known: the window's start, or later. */
  since: Date;
}

export interface RateScope {
  cluster: string;
  connector: string;
  table: string;
}

/** Dead letters and traffic of tables since a moment: of those named, or of all that had a dead letter since. */
export async function readRates(
  { pool }: Pick<Deps, "pool">,
  { from, only }: { from: Date; only?: RateScope | undefined },
): Promise<TableRate[]> {
  const { rows } = await pool.query<{
    cluster: string;
    connector: string;
    table_name: string;
    minutes: [at: string, records: number][];
  }>(
    `select g.cluster, g.connector, g.table_name, jsonb_agg(jsonb_build_array(m.minute, m.records)) as minutes
       from (select group_id, minute, sum(records)::int as records from dead_letter_minutes
              where minute >= date_trunc('minute', $1::timestamptz) group by 1, 2) m
       join dead_letter_groups g on g.id = m.group_id
      where $2::text is null or (g.cluster = $2 and g.connector = $3 and g.table_name = $4)
      group by 1, 2, 3 order by 1, 2, 3`,
    [from, only?.cluster ?? null, only?.connector ?? null, only?.table ?? null],
  );
  const found: (RateScope & { minutes: [string, number][] })[] = rows.map((row) => ({
    cluster: row.cluster,
    connector: row.connector,
    table: row.table_name,
    minutes: row.minutes,
  }));
  if (only && found.length === 0) found.push({ ...only, minutes: [] });
  const traffic = await readTraffic({ pool }, found, from);
  return found.map(({ minutes, ...scope }) => {
    const seen = traffic.get(keyOf(scope));
    const grown = grownSince(seen?.readings ?? [], from);
    const since = grown?.since ?? from;
    // Both sides over the same time: dead letters from before the first reading would have nothing to be a share of.
    const deadLettered = minutes.reduce(
      (sum, [at, records]) => (new Date(at).getTime() >= startOfMinute(since) ? sum + records : sum),
      0,
    );
    return { ...scope, source: seen?.source ?? null, since, ...rateOf(deadLettered, grown?.by ?? null) };
  });
}

/** What all tables of a pipeline got through, also those without dead letters. */
export async function readPipelineTraffic(
  { pool }: Pick<Deps, "pool">,
  { cluster, source }: { cluster: string; source: string },
  from: Date,
): Promise<number | null> {
  const { rows } = await pool.query<{ connector: string; table_name: string }>(
    "select distinct connector, table_name from dead_letter_traffic where cluster = $1 and source = $2",
    [cluster, source],
  );
  const traffic = await readTraffic(
    { pool },
    rows.map((row) => ({ cluster, connector: row.connector, table: row.table_name })),
    from,
  );
  const grown = [...traffic.values()].map(({ readings }) => grownSince(readings, from));
  return grown.length === 0 || grown.some((one) => one === undefined)
    ? null
    : grown.reduce((sum, one) => sum + (one?.by ?? 0), 0);
}

async function readTraffic(
  { pool }: Pick<Deps, "pool">,
  scopes: readonly RateScope[],
  from: Date,
): Promise<Map<string, { source: string; readings: Reading[] }>> {
  // The last reading before the window, the first and the last within it: no more is needed.
  const { rows } = await pool.query<{
    cluster: string;
    connector: string;
    table_name: string;
    source: string;
    minute: Date;
    delivered: string;
  }>(
    `select wanted.cluster, wanted.connector, wanted.table_name, t.source, t.minute, t.delivered
       from unnest($1::text[], $2::text[], $3::text[]) as wanted(cluster, connector, table_name)
       cross join lateral (
         (select source, minute, delivered from dead_letter_traffic t where t.cluster = wanted.cluster and t.connector = wanted.connector
             and t.table_name = wanted.table_name and t.minute < date_trunc('minute', $4::timestamptz) order by minute desc limit 1)
         union all
         (select source, minute, delivered from dead_letter_traffic t where t.cluster = wanted.cluster and t.connector = wanted.connector
             and t.table_name = wanted.table_name and t.minute >= date_trunc('minute', $4::timestamptz) order by minute limit 1)
         union all
         (select source, minute, delivered from dead_letter_traffic t where t.cluster = wanted.cluster and t.connector = wanted.connector
             and t.table_name = wanted.table_name and t.minute >= date_trunc('minute', $4::timestamptz) order by minute desc limit 1)) t`,
    [
      scopes.map((scope) => scope.cluster),
      scopes.map((scope) => scope.connector),
      scopes.map((scope) => scope.table),
      from,
    ],
  );
  const traffic = new Map<string, { source: string; readings: Reading[] }>();
  for (const row of rows) {
    const key = keyOf({ cluster: row.cluster, connector: row.connector, table: row.table_name });
    const known = traffic.get(key) ?? { source: row.source, readings: [] };
    known.source = row.source;
    if (!known.readings.some(({ at }) => at.getTime() === row.minute.getTime()))
      known.readings.push({ at: row.minute, total: Number(row.delivered) });
    traffic.set(key, known);
  }
  return traffic;
}

function keyOf({ cluster, connector, table }: RateScope): string {
  return `${cluster}\n${connector}\n${table}`;
}

function startOfMinute(at: Date): number {
  return Math.floor(at.getTime() / 60_000) * 60_000;
}
