import type pg from "pg";
import type { DeadLetterStatus } from "#domain/dead-letters/schema.ts";
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

/** Only a sending that is on record counts: anybody can write a header. */
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
  const { rows } = await client.query<{
    replay_id: string;
    position: number;
    id: string;
    group_id: string;
    status: DeadLetterStatus;
  }>(
    `select item.replay_id, item.position, letter.id, letter.group_id, letter.status
       from unnest($1::uuid[], $2::int[]) as marked(replay_id, position)
       join dead_letter_replay_items item on item.replay_id = marked.replay_id and item.position = marked.position
        and item.state <> 'waiting'
       join dead_letters letter on letter.id = item.dead_letter_id`,
    [marked.map(({ replay }) => replay.id), marked.map(({ replay }) => replay.position)],
  );
  const known = new Map(rows.map((row) => [`${row.replay_id}/${row.position}`, row]));
  const echoes = new Map<IndexedRecord, Echo>();
  const seen = new Map<number, { group: number; status: DeadLetterStatus }>();
  for (const { partition, indexed, replay } of marked) {
    const row = known.get(`${replay.id}/${replay.position}`);
    if (!row) continue;
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

export async function writeEchoes(client: pg.PoolClient, echoes: readonly Echo[], now: Date): Promise<void> {
  for (const echo of echoes) {
    const { at } = echo;
    await client.query(
      `insert into dead_letter_attempts
         (dead_letter_id, run_id, at, outcome, topic_id, incarnation, partition, "offset", group_id, error_id)
       values ($1, $2, $3, 'failed', $4, $5, $6, $7, $8, $9)
       on conflict (dead_letter_id, run_id) do update
         set outcome = 'failed', at = excluded.at, topic_id = excluded.topic_id, incarnation = excluded.incarnation,
             partition = excluded.partition, "offset" = excluded."offset", group_id = excluded.group_id,
             error_id = excluded.error_id`,
      [
        echo.deadLetterId,
        echo.replayId,
        now,
        at.topicId,
        at.incarnation,
        at.partition,
        at.offset,
        echo.groupId,
        echo.errorId,
      ],
    );
    await client.query(
      `update dead_letters set group_id = $2, error_id = $3, status = 'PENDING', failed_at = $4,
              settled_at = null, settled_by = null, settled_reason = null
        where id = $1`,
      [echo.deadLetterId, echo.groupId, echo.errorId, echo.failedAt],
    );
    await client.query(
      `update dead_letter_replay_items set state = 'failed', message = 'It failed again and is a dead letter again'
        where replay_id = $1 and position = $2`,
      [echo.replayId, echo.position],
    );
  }
}
