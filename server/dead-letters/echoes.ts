import type pg from "pg";
import type { DeadLetterStatus, Position } from "#domain/dead-letters/schema.ts";
import { findSinksNow } from "./find-sinks-now.ts";
import type { IndexedPartition, IndexedRecord } from "./write-batch.ts";

/** A record that Headgate sent again and that failed again: not a new dead letter but the next attempt of an old one. */
export interface Echo {
  deadLetterId: number;
  replayId: string;
  position: number;
  oldGroup: number;
  oldStatus: DeadLetterStatus;
  at: { topicId: number; incarnation: number; partition: number; offset: number };
  groupId: number;
  errorId: number;
  failedAt: Date;
}

interface RecordedSending {
  replay_id: string;
  position: number;
  cluster: string;
  connector: string;
  target_topic: string;
  id: string;
  group_id: string;
  status: DeadLetterStatus;
  topic_id: number;
  original_topic: string | null;
  original_partition: number | null;
  original_offset: string | null;
}

/**
 * Only a sending that is on record counts: anybody can write a header. And only the sink it was meant for: another that
 * reads the topic has a failure of its own, of the event that was sent again. Locked until they are written: group and
 * status are what the counters go by, and a rule or a person may change both.
 */
export async function findEchoes(
  client: pg.PoolClient,
  partitions: readonly IndexedPartition[],
): Promise<Map<IndexedRecord, Echo>> {
  const marked = partitions.flatMap((partition) =>
    partition.records.flatMap((indexed) => {
      const replay = indexed.replay;
      return replay ? [{ partition, indexed, replay }] : [];
    }),
  );
  if (marked.length === 0) return new Map();
  const { rows } = await client.query<RecordedSending>(
    `select item.replay_id, item.position, replay.cluster, item.connector, item.target_topic,
            letter.id, letter.group_id, letter.status, letter.topic_id,
            letter.original_topic, letter.original_partition, letter.original_offset
       from unnest($1::uuid[], $2::int[]) as marked(replay_id, position)
       join dead_letter_replay_items item on item.replay_id = marked.replay_id and item.position = marked.position
       join dead_letter_replays replay on replay.id = item.replay_id
        and (item.state <> 'waiting' or item.position between replay.sending_from and replay.sending_to)
       join dead_letters letter on letter.topic_id = item.topic_id and letter.incarnation = item.incarnation
        and letter.partition = item.partition and letter."offset" = item."offset"
      order by letter.id for update of letter`,
    [marked.map(({ replay }) => replay.id), marked.map(({ replay }) => replay.position)],
  );
  const known = new Map(rows.map((row) => [`${row.replay_id}/${row.position}`, row]));
  const asked = new Map<string, ReturnType<typeof findSinksNow>>();
  const sinksNow = (cluster: string) => {
    const answer = asked.get(cluster) ?? findSinksNow({ pool: client }, cluster);
    asked.set(cluster, answer);
    return answer;
  };
  const echoes = new Map<IndexedRecord, Echo>();
  const seen = new Map<number, { group: number; status: DeadLetterStatus }>();
  for (const { partition, indexed, replay } of marked) {
    const row = known.get(`${replay.id}/${replay.position}`);
    if (!row) continue;
    if (!(await isSameSink(row, indexed.connector, { topicId: partition.topicId, sinksNow }))) {
      indexed.original = eventOf(row, indexed.original);
      continue;
    }
    const id = Number(row.id);
    const before = seen.get(id) ?? { group: Number(row.group_id), status: row.status };
    echoes.set(indexed, {
      deadLetterId: id,
      replayId: replay.id,
      position: replay.position,
      oldGroup: before.group,
      oldStatus: before.status,
      at: {
        topicId: partition.topicId,
        incarnation: partition.incarnation,
        partition: partition.partition,
        offset: indexed.offset,
      },
      groupId: indexed.ids.groupId,
      errorId: indexed.ids.errorId,
      failedAt: indexed.failedAt,
    });
    seen.set(id, { group: indexed.ids.groupId, status: "PENDING" });
  }
  return echoes;
}

/** A sink that does not tell its name is known by its dead-letter topic. */
async function isSameSink(
  { connector, cluster, target_topic, topic_id }: RecordedSending,
  failed: string | undefined,
  { topicId, sinksNow }: { topicId: number; sinksNow: (cluster: string) => ReturnType<typeof findSinksNow> },
): Promise<boolean> {
  if (!failed || !connector) return topicId === topic_id;
  return failed === connector || failed === (await sinksNow(cluster))(connector, target_topic);
}

/** By its place in the topic it would look newer than all that came after the event it tells of. */
function eventOf(row: RecordedSending, at: Position | undefined): Position | undefined {
  const { original_topic: topic, original_partition: partition, original_offset: offset } = row;
  const isThere = offset !== null && topic === at?.topic && partition === at?.partition;
  return at && isThere ? { ...at, offset: Number(offset) } : at;
}

export async function writeEchoes(client: pg.PoolClient, echoes: readonly Echo[], now: Date): Promise<void> {
  if (echoes.length === 0) return;
  // A sink that crashed before it committed tells of the same failure twice; the last one counts.
  const last = [...new Map(echoes.map((echo) => [`${echo.replayId}/${echo.deadLetterId}`, echo])).values()];
  const of = <T>(pick: (echo: Echo) => T) => last.map(pick);
  await client.query(
    `with seen as (
       select * from unnest($1::bigint[], $2::uuid[], $3::int[], $4::int[], $5::int[], $6::int[], $7::bigint[], $8::bigint[], $9::bigint[])
         as seen(dead_letter_id, replay_id, position, topic_id, incarnation, partition, "offset", group_id, error_id)),
     tried as (
       insert into dead_letter_attempts
         (dead_letter_id, run_id, at, outcome, topic_id, incarnation, partition, "offset", group_id, error_id, marker)
       select seen.dead_letter_id, seen.replay_id, $10, 'failed', seen.topic_id, seen.incarnation, seen.partition, seen."offset",
              seen.group_id, seen.error_id, replay.markers ->> item.connector
         from seen join dead_letter_replays replay on replay.id = seen.replay_id
         join dead_letter_replay_items item on item.replay_id = seen.replay_id and item.position = seen.position
       on conflict (dead_letter_id, run_id) do update
         set outcome = 'failed', at = excluded.at, topic_id = excluded.topic_id, incarnation = excluded.incarnation,
             partition = excluded.partition, "offset" = excluded."offset", group_id = excluded.group_id,
             error_id = excluded.error_id, marker = excluded.marker
       returning dead_letter_id, xmax = 0 as is_first),
     failed as (
       update dead_letter_replay_items item set state = 'failed', message = 'It failed again and is a dead letter again'
         from seen where item.replay_id = seen.replay_id and item.position = seen.position
       returning item.dead_letter_id, item.topic_id, item.incarnation, item.partition, item."offset")
     update dead_letters letter
        set group_id = moved.group_id, home_group_id = null, error_id = moved.error_id, status = 'PENDING', failed_at = moved.failed_at,
            settled_at = null, settled_by = null, settled_reason = null, attempts = letter.attempts + moved.more
       from (select distinct on (seen.dead_letter_id) seen.dead_letter_id, seen.group_id, seen.error_id, times.failed_at,
                    (select count(*) from tried where tried.dead_letter_id = seen.dead_letter_id and tried.is_first)::int as more,
                    failed.topic_id, failed.incarnation, failed.partition, failed."offset"
               from seen join failed on failed.dead_letter_id = seen.dead_letter_id
               join unnest($1::bigint[], $2::uuid[], $11::timestamptz[]) as times(dead_letter_id, replay_id, failed_at)
                 on times.dead_letter_id = seen.dead_letter_id and times.replay_id = seen.replay_id
              order by seen.dead_letter_id, times.failed_at desc) as moved
      where letter.topic_id = moved.topic_id and letter.incarnation = moved.incarnation
        and letter.partition = moved.partition and letter."offset" = moved."offset"`,
    [
      of((echo) => echo.deadLetterId),
      of((echo) => echo.replayId),
      of((echo) => echo.position),
      of((echo) => echo.at.topicId),
      of((echo) => echo.at.incarnation),
      of((echo) => echo.at.partition),
      of((echo) => echo.at.offset),
      of((echo) => echo.groupId),
      of((echo) => echo.errorId),
      now,
      of((echo) => echo.failedAt),
    ],
  );
}
