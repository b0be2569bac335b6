import type pg from "pg";
import { addToSketch, estimateKeys, SKETCH_SIZE } from "#domain/dead-letters/distinct-keys.ts";
import { afterArrivals, afterSettling, type GroupState } from "#domain/dead-letters/group-state.ts";
import type { GroupStatus } from "#domain/dead-letters/schema.ts";

interface MovedRow {
  to_group: string;
  is_open: boolean;
  key_hash: string | null;
  failed_at: Date;
}

/**
 * Puts records of one group into others, with every counter, in the caller's transaction. `home` of a record is the group
 * its fingerprint made; records that go home forget that they were away. Returns how many moved.
 */
export async function moveRecords(
  client: pg.ClientBase,
  from: number,
  moves: readonly { id: number; to: number }[],
  { isHome, at }: { isHome: boolean; at: Date },
): Promise<number> {
  // Rows before groups, as everybody else takes them, and no waiting for rows: so no two of us wait for each other. What
  // somebody else has in hand is moved in the next round.
  const { rows: free } = await client.query<{ id: string }>(
    "select id from dead_letters where id = any($1::bigint[]) and group_id = $2 for update skip locked",
    [moves.map((move) => move.id), from],
  );
  const mine = new Set(free.map((row) => Number(row.id)));
  const own = moves.filter((move) => mine.has(move.id));
  const { rows } = await client.query<MovedRow>(
    `update dead_letters d set group_id = seen.to_group, home_group_id = case when $4 then null else d.group_id end
       from unnest($2::bigint[], $3::bigint[]) as seen(id, to_group)
      where d.id = seen.id and d.group_id = $1
      returning d.group_id as to_group, d.status = 'PENDING' as is_open, d.key_hash, d.failed_at`,
    [from, own.map((move) => move.id), own.map((move) => move.to), isHome],
  );
  if (rows.length === 0) return 0;
  const arrivals = Map.groupBy(rows, (row) => Number(row.to_group));
  const groups = [from, ...arrivals.keys()];
  const { rows: held } = await client.query<HeldGroup>(
    `select id, status, records, open, key_sketch, mute_until_count, mute_until_at, resolved_at
       from dead_letter_groups where id = any($1::bigint[]) order by id for update`,
    [groups],
  );
  for (const group of held) {
    const arrived = arrivals.get(Number(group.id));
    if (arrived) await arrive(client, group, arrived, at);
  }
  await leave(client, from, rows, [...arrivals.keys()], isHome);
  return rows.length;
}

interface HeldGroup {
  id: string;
  status: GroupStatus;
  records: string;
  open: string;
  key_sketch: Buffer | null;
  mute_until_count: string | null;
  mute_until_at: Date | null;
  resolved_at: Date | null;
}

async function arrive(
  client: pg.ClientBase,
  held: HeldGroup,
  rows: readonly MovedRow[],
  at: Date,
): Promise<void> {
  const to = Number(held.id);
  const sketch = held.key_sketch ? Buffer.from(held.key_sketch) : Buffer.alloc(SKETCH_SIZE);
  for (const { key_hash } of rows) {
    if (key_hash === null) continue;
    const bits = BigInt.asUintN(64, BigInt(key_hash));
    addToSketch(sketch, Number(bits >> 32n), Number(bits & 0xffffffffn));
  }
  const times = rows.map((row) => row.failed_at.getTime());
  const state = stateAfter(held, rows, at);
  await client.query(
    `update dead_letter_groups set records = records + $2, open = open + $3, key_sketch = $4, keys = $5,
            first_seen = least(first_seen, $6), last_seen = greatest(last_seen, $7), moved_to = null,
            status = $8, mute_until_count = $9, mute_until_at = $10, resolved_at = $11
      where id = $1`,
    [
      to,
      rows.length,
      rows.filter((row) => row.is_open).length,
      sketch,
      estimateKeys(sketch),
      new Date(times.reduce((a, b) => Math.min(a, b))),
      new Date(times.reduce((a, b) => Math.max(a, b))),
      state.status,
      state.muteUntilCount ?? null,
      state.muteUntilAt ?? null,
      state.status === "open" ? null : (state.resolvedAt ?? null),
    ],
  );
  const minutes = minutesOf(rows);
  await client.query(
    `insert into dead_letter_minutes (group_id, minute, records)
     select $1, to_timestamp(m * 60), n from unnest($2::bigint[], $3::int[]) as seen(m, n) order by m
     on conflict (group_id, minute) do update set records = dead_letter_minutes.records + excluded.records`,
    [to, [...minutes.keys()], [...minutes.values()]],
  );
}

/** As if they had arrived there: open ones may wake it, settled ones alone leave nothing to do. */
function stateAfter(held: HeldGroup, rows: readonly MovedRow[], at: Date): GroupState {
  const before: GroupState = {
    status: held.status,
    open: Number(held.open),
    muteUntilCount: held.mute_until_count === null ? undefined : Number(held.mute_until_count),
    muteUntilAt: held.mute_until_at ?? undefined,
    resolvedAt: held.resolved_at ?? undefined,
  };
  const open = rows.filter((row) => row.is_open);
  const left = before.open + open.length;
  if (open.length === 0) return left === 0 ? afterSettling(before, 0, before.resolvedAt ?? at) : before;
  const newestAt = new Date(open.reduce((newest, row) => Math.max(newest, row.failed_at.getTime()), 0));
  return afterArrivals(before, { total: Number(held.records) + rows.length, open: left, newestAt });
}

async function leave(
  client: pg.ClientBase,
  from: number,
  rows: readonly MovedRow[],
  to: readonly number[],
  isHome: boolean,
): Promise<void> {
  // What other keys an only partly emptied group has is not known without reading it: its estimate stays, too high.
  await client.query(
    `update dead_letter_groups set records = records - $2, open = open - $3,
            key_sketch = case when records = $2 then null else key_sketch end, keys = case when records = $2 then 0 else keys end,
            moved_to = case when $5 then null
                            else (select array_agg(distinct g order by g) from unnest(coalesce(moved_to, '{}') || $4::bigint[]) as g) end
      where id = $1`,
    [from, rows.length, rows.filter((row) => row.is_open).length, to, isHome],
  );
  const minutes = minutesOf(rows);
  await client.query(
    `with less as (
       update dead_letter_minutes m set records = m.records - seen.n
         from unnest($2::bigint[], $3::int[]) as seen(at, n) where m.group_id = $1 and m.minute = to_timestamp(seen.at * 60)
         and m.records > seen.n)
     delete from dead_letter_minutes m using unnest($2::bigint[], $3::int[]) as seen(at, n)
      where m.group_id = $1 and m.minute = to_timestamp(seen.at * 60) and m.records <= seen.n`,
    [from, [...minutes.keys()], [...minutes.values()]],
  );
}

function minutesOf(rows: readonly MovedRow[]): Map<number, number> {
  const minutes = new Map<number, number>();
  for (const { failed_at } of rows) {
    const minute = Math.floor(failed_at.getTime() / 60_000);
    minutes.set(minute, (minutes.get(minute) ?? 0) + 1);
  }
  return minutes;
}
