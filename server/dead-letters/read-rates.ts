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
  const scopes = only ? [only] : await scopesSince({ pool }, from);
  const traffic = await readTraffic({ pool }, scopes, from);
  const known = scopes.map((scope) => {
    const seen = traffic.get(keyOf(scope));
    const grown = grownSince(seen?.readings ?? [], from);
    // Both sides over the same time: dead letters from before the first reading would have nothing to be a share of.
    return { scope, source: seen?.source ?? null, since: grown?.since ?? from, processed: grown?.by ?? null };
  });
  const { rows } = await pool.query<{ position: number; records: number }>(
    `select wanted.position::int as position, sum(m.records)::int as records
       from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) with ordinality
              as wanted(cluster, connector, table_name, since, position)
       join dead_letter_groups g on g.cluster = wanted.cluster and g.connector = wanted.connector and g.table_name = wanted.table_name
       join dead_letter_minutes m on m.group_id = g.id and m.minute >= date_trunc('minute', wanted.since)
      group by 1`,
    [
      scopes.map((scope) => scope.cluster),
      scopes.map((scope) => scope.connector),
      scopes.map((scope) => scope.table),
      known.map(({ since }) => since),
    ],
  );
  const counts = new Map(rows.map((row) => [row.position, row.records]));
  return known
    .map(({ scope, source, since, processed }, index) => ({
      ...scope,
      source,
      since,
      ...rateOf(counts.get(index + 1) ?? 0, processed),
    }))
    .filter((rate) => only !== undefined || rate.deadLettered > 0);
}

async function scopesSince({ pool }: Pick<Deps, "pool">, from: Date): Promise<RateScope[]> {
  const { rows } = await pool.query<{ cluster: string; connector: string; table_name: string }>(
    `select distinct g.cluster, g.connector, g.table_name from dead_letter_groups g
      where exists (select 1 from dead_letter_minutes m where m.group_id = g.id and m.minute >= date_trunc('minute', $1::timestamptz))
      order by 1, 2, 3`,
    [from],
  );
  return rows.map(({ cluster, connector, table_name: table }) => ({ cluster, connector, table }));
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
