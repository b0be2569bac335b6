import type pg from "pg";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import type { PartitionReader } from "#server/kafka/partition-reader.ts";

/**
 * After a crash: which of the records that were about to be sent are in their topic. Their headers name the replay and
 * the position, so each is found or known to be missing; what is missing waits to be sent again.
 */
export async function findArrived(pool: pg.Pool, reader: PartitionReader, replayId: string): Promise<void> {
  const { rows } = await pool.query<{
    position: number;
    topic: string;
    partition: number;
    from_offset: string;
  }>(
    `select position, target_topic as topic, target_partition as partition, target_offset as from_offset
       from dead_letter_replay_items where replay_id = $1 and state = 'sending'`,
    [replayId],
  );
  if (rows.length === 0) return;
  const starts = new Map<string, { topic: string; partition: number; from: number }>();
  for (const row of rows) {
    const place = `${row.topic}/${row.partition}`;
    const from = Math.min(starts.get(place)?.from ?? Number.MAX_SAFE_INTEGER, Number(row.from_offset));
    starts.set(place, { topic: row.topic, partition: row.partition, from });
  }
  const arrived = new Map<number, number>();
  for (const { topic, partition, from } of starts.values()) {
    let next = from;
    for (;;) {
      const [fetched] = await reader.fetch([{ topic, partition, offset: next }], { waitMs: 100 });
      if (!fetched || fetched.problem || fetched.next <= next) break;
      for (const record of fetched.records) {
        const headers = new Map(record.headers().map(([name, value]) => [name, value?.toString()]));
        if (headers.get(REPLAY_HEADERS.id) !== replayId) continue;
        arrived.set(Number(headers.get(REPLAY_HEADERS.position)), record.offset);
      }
      next = fetched.next;
      if (next >= fetched.end) break;
    }
  }
  const found = [...arrived];
  await pool.query(
    `update dead_letter_replay_items i set state = 'sent', target_offset = seen.at
       from unnest($2::int[], $3::bigint[]) as seen(position, at) where i.replay_id = $1 and i.position = seen.position and i.state = 'sending'`,
    [replayId, found.map(([position]) => position), found.map(([, at]) => at)],
  );
  await pool.query(
    "update dead_letter_replay_items set state = 'waiting', target_offset = null where replay_id = $1 and state = 'sending'",
    [replayId],
  );
}
