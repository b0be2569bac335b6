import type pg from "pg";
import { addToSketch, estimateKeys, SKETCH_SIZE } from "#domain/dead-letters/distinct-keys.ts";
import { afterArrivals } from "#domain/dead-letters/group-state.ts";
import type { GroupStatus, Position } from "#domain/dead-letters/schema.ts";
import { CHANGES_CHANNEL } from "#server/live/notify-change.ts";
import { type Cell, copyLine, copyRows } from "./copy-rows.ts";
import { type Echo, findEchoes, writeEchoes } from "./echoes.ts";
import type { EventFacts } from "./event-facts.ts";
import type { KeptIds } from "./kept-shapes.ts";
import { storable } from "./kept-shapes.ts";
import type { ReadRecord } from "./read-record.ts";

export interface IndexedRecord extends Pick<ReadRecord, "offset" | "keyHash" | "valueSize" | "replay"> {
  original: Position | undefined;
  /** The sink that failed, as it tells. */
  connector: string | undefined;
  earlierFailures: number;
  ids: KeptIds;
  keyText: string | null;
  event: EventFacts;
  recordedAt: Date;
  failedAt: Date;
  /** Raw bytes to keep beyond the topic's retention. */
  copy?: { key: Buffer | null; value: Buffer | null; headers: [string, string | null][]; expiresAt: Date };
}

/** What was read of one partition, from `from` up to `next`. */
export interface IndexedPartition {
  topicId: number;
  partition: number;
  incarnation: number;
  from: number;
  next: number;
  logStart: number;
  logEnd: number;
  anchor: { offset: number; hash: string } | undefined;
  records: IndexedRecord[];
}

/**
 * Writes rows, counters and positions in one transaction. `false` when a position was not where this worker left it:
 * somebody else has indexed these records, and nothing was written.
 */
export async function writeBatch(
  pool: pg.Pool,
  partitions: readonly IndexedPartition[],
  now: Date,
): Promise<boolean> {
  const client = await pool.connect();
  try {
    await client.query("begin");
    if (!(await movePositions(client, partitions, now))) {
      await client.query("rollback");
      return false;
    }
    const records = partitions.flatMap((partition) => partition.records);
    if (records.length > 0) {
      const echoes = await findEchoes(client, partitions);
      await copyRows(client, COLUMNS, linesOf(partitions, echoes));
      await writeCopies(client, partitions);
      const deltas = deltasOf(partitions, echoes);
      await writeEchoes(client, [...echoes.values()], now);
      await writeGroups(client, deltas, now);
      await writeMinutes(client, deltas);
      await client.query("select pg_notify($1, $2)", [
        CHANGES_CHANNEL,
        JSON.stringify({ subject: "deadLetters", key: "arrived" }),
      ]);
    }
    await client.query("commit");
    return true;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}

async function movePositions(
  client: pg.PoolClient,
  partitions: readonly IndexedPartition[],
  now: Date,
): Promise<boolean> {
  const of = <T>(pick: (partition: IndexedPartition) => T) => partitions.map(pick);
  const { rowCount } = await client.query(
    `update dead_letter_positions as held
        set next_offset = seen.next, log_start = seen.log_start, log_end = seen.log_end, moved_at = $9,
            anchor_offset = coalesce(seen.anchor_offset, held.anchor_offset),
            anchor_hash = coalesce(seen.anchor_hash, held.anchor_hash)
       from unnest($1::int[], $2::int[], $3::int[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[], $10::text[])
         as seen(topic_id, partition, incarnation, "from", next, log_start, log_end, anchor_offset, anchor_hash)
      where held.topic_id = seen.topic_id and held.partition = seen.partition
        and held.incarnation = seen.incarnation and held.next_offset = seen."from"`,
    [
      of((one) => one.topicId),
      of((one) => one.partition),
      of((one) => one.incarnation),
      of((one) => one.from),
      of((one) => one.next),
      of((one) => one.logStart),
      of((one) => one.logEnd),
      of((one) => one.anchor?.offset ?? null),
      now,
      of((one) => one.anchor?.hash ?? null),
    ],
  );
  return rowCount === partitions.length;
}

const COLUMNS = `dead_letters (topic_id, incarnation, partition, "offset", group_id, error_id, original_topic,
  original_partition, original_offset, key_hash, key_text, value_size, op, event_at,
  recorded_at, failed_at, attempts)`;

function linesOf(
  partitions: readonly IndexedPartition[],
  echoes: ReadonlyMap<IndexedRecord, Echo>,
): string[] {
  const lines: string[] = [];
  for (const { topicId, incarnation, partition, records } of partitions)
    for (const indexed of records) {
      if (echoes.has(indexed)) continue;
      const { original, ids, keyText, event, recordedAt, failedAt } = indexed;
      const cells: Cell[] = [
        topicId,
        incarnation,
        partition,
        indexed.offset,
        ids.groupId,
        ids.errorId,
        original && storable(original.topic),
        original?.partition,
        original?.offset,
        indexed.keyHash?.text,
        keyText,
        indexed.valueSize,
        event.op,
        event.at,
        recordedAt,
        failedAt,
        indexed.earlierFailures,
      ];
      lines.push(copyLine(cells));
    }
  return lines;
}

async function writeCopies(client: pg.PoolClient, partitions: readonly IndexedPartition[]): Promise<void> {
  const hex = (bytes: Buffer | null) => (bytes === null ? null : `\\x${bytes.toString("hex")}`);
  const lines = partitions.flatMap(({ topicId, incarnation, partition, records }) =>
    records.flatMap(({ offset, copy }) =>
      copy
        ? [
            copyLine([
              topicId,
              incarnation,
              partition,
              offset,
              hex(copy.key),
              hex(copy.value),
              JSON.stringify(copy.headers),
              copy.expiresAt,
            ]),
          ]
        : [],
    ),
  );
  await copyRows(
    client,
    `dead_letter_copies (topic_id, incarnation, partition, "offset", key, value, headers, expires_at)`,
    lines,
  );
}

interface GroupDelta {
  records: number;
  open: number;
  firstAt: Date | undefined;
  lastAt: Date | undefined;
  keys: { high: number; low: number }[];
  minutes: Map<number, number>;
}

function deltasOf(
  partitions: readonly IndexedPartition[],
  echoes: ReadonlyMap<IndexedRecord, Echo>,
): Map<number, GroupDelta> {
  const deltas = new Map<number, GroupDelta>();
  const of = (group: number): GroupDelta => {
    const known = deltas.get(group);
    if (known) return known;
    const made: GroupDelta = {
      records: 0,
      open: 0,
      firstAt: undefined,
      lastAt: undefined,
      keys: [],
      minutes: new Map(),
    };
    deltas.set(group, made);
    return made;
  };
  for (const { records } of partitions)
    for (const indexed of records) {
      const { keyHash, ids, failedAt } = indexed;
      const delta = of(ids.groupId);
      delta.records += 1;
      delta.open += 1;
      if (!delta.firstAt || failedAt < delta.firstAt) delta.firstAt = failedAt;
      if (!delta.lastAt || failedAt > delta.lastAt) delta.lastAt = failedAt;
      if (keyHash) delta.keys.push(keyHash);
      const minute = Math.floor(failedAt.getTime() / 60_000);
      delta.minutes.set(minute, (delta.minutes.get(minute) ?? 0) + 1);
      // A record that failed again leaves its old group for the new one instead of being there twice.
      const echo = echoes.get(indexed);
      if (!echo) continue;
      const old = of(echo.oldGroup);
      old.records -= 1;
      if (echo.oldStatus === "PENDING") old.open -= 1;
    }
  return deltas;
}

interface StoredGroup {
  id: string;
  status: GroupStatus;
  records: string;
  open: string;
  key_sketch: Buffer | null;
  keys: string;
  mute_until_count: string | null;
  mute_until_at: Date | null;
  resolved_at: Date | null;
}

async function writeGroups(
  client: pg.PoolClient,
  deltas: ReadonlyMap<number, GroupDelta>,
  now: Date,
): Promise<void> {
  const { rows } = await client.query<StoredGroup>(
    `select id, status, records, open, key_sketch, keys, mute_until_count, mute_until_at, resolved_at
       from dead_letter_groups where id = any($1) order by id for update`,
    [[...deltas.keys()]],
  );
  const next = rows.map((row) => nextGroup(row, deltas.get(Number(row.id)), now));
  const of = <T>(pick: (group: NextGroup) => T) => next.map(pick);
  await client.query(
    `update dead_letter_groups as held
        set status = seen.status, records = seen.records, open = seen.open, keys = seen.keys,
            key_sketch = coalesce(seen.key_sketch, held.key_sketch),
            mute_until_count = seen.mute_count, mute_until_at = seen.mute_at,
            first_seen = least(held.first_seen, seen.first_at), last_seen = greatest(held.last_seen, seen.last_at)
       from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bigint[],
                   $8::timestamptz[], $9::timestamptz[], $10::timestamptz[])
         as seen(id, status, records, open, keys, key_sketch, mute_count, mute_at, first_at, last_at)
      where held.id = seen.id`,
    [
      of((group) => group.id),
      of((group) => group.status),
      of((group) => group.records),
      of((group) => group.open),
      of((group) => group.keys),
      of((group) => group.sketch),
      of((group) => group.muteUntilCount),
      of((group) => group.muteUntilAt),
      of((group) => group.firstAt),
      of((group) => group.lastAt),
    ],
  );
}

interface NextGroup {
  id: number;
  status: GroupStatus;
  records: number;
  open: number;
  keys: number;
  sketch: Buffer | null;
  muteUntilCount: number | null;
  muteUntilAt: Date | null;
  firstAt: Date | null;
  lastAt: Date | null;
}

function nextGroup(row: StoredGroup, delta: GroupDelta | undefined, now: Date): NextGroup {
  const records = Number(row.records) + (delta?.records ?? 0);
  const open = Number(row.open) + (delta?.open ?? 0);
  const before = {
    status: row.status,
    open: Number(row.open),
    muteUntilCount: row.mute_until_count === null ? undefined : Number(row.mute_until_count),
    muteUntilAt: row.mute_until_at ?? undefined,
    resolvedAt: row.resolved_at ?? undefined,
  };
  const state = delta?.lastAt
    ? afterArrivals(before, { total: records, open, newestAt: delta.lastAt > now ? now : delta.lastAt })
    : before;
  const sketch = mergedSketch(row.key_sketch, delta?.keys ?? []);
  return {
    id: Number(row.id),
    status: state.status,
    records,
    open,
    keys: sketch ? estimateKeys(sketch) : Number(row.keys),
    sketch,
    muteUntilCount: state.muteUntilCount ?? null,
    muteUntilAt: state.muteUntilAt ?? null,
    firstAt: delta?.firstAt ?? null,
    lastAt: delta?.lastAt ?? null,
  };
}

/** Null when the keys were all there already, so that unchanged sketches are not written. */
function mergedSketch(held: Buffer | null, keys: readonly { high: number; low: number }[]): Buffer | null {
  if (keys.length === 0) return null;
  const sketch = held ? Buffer.from(held) : Buffer.alloc(SKETCH_SIZE);
  for (const { high, low } of keys) addToSketch(sketch, high, low);
  return held?.equals(sketch) ? null : sketch;
}

async function writeMinutes(client: pg.PoolClient, deltas: ReadonlyMap<number, GroupDelta>): Promise<void> {
  const rows = [...deltas]
    .sort(([a], [b]) => a - b)
    .flatMap(([group, delta]) =>
      [...delta.minutes].sort(([a], [b]) => a - b).map(([minute, records]) => ({ group, minute, records })),
    );
  if (rows.length === 0) return;
  await client.query(
    `insert into dead_letter_minutes (group_id, minute, records)
     select g, to_timestamp(m * 60), r from unnest($1::bigint[], $2::bigint[], $3::int[]) as seen(g, m, r)
     on conflict (group_id, minute) do update set records = dead_letter_minutes.records + excluded.records`,
    [rows.map((row) => row.group), rows.map((row) => row.minute), rows.map((row) => row.records)],
  );
}
