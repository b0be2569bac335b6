import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import type { Deps } from "#server/deps.ts";
import { kafkaFailure } from "#server/kafka/failures.ts";
import type { PartitionReader } from "#server/kafka/partition-reader.ts";
import { placeOf } from "./newer-keys.ts";

interface Sending {
  sending_from: number | null;
  sending_to: number | null;
  sending_starts: Record<string, number> | null;
}

/**
 * After a crash: which records of the batch that was about to be sent are in their topics. Their headers name the replay
 * and the position, so each is found or known to be missing; what is missing still waits to be sent. False where a topic
 * is not there: it may be that the broker has only just started.
 */
export async function findArrived(
  { pool }: Pick<Deps, "pool">,
  reader: PartitionReader,
  cluster: string,
  replayId: string,
): Promise<boolean> {
  const { rows } = await pool.query<Sending>(
    "select sending_from, sending_to, sending_starts from dead_letter_replays where id = $1",
    [replayId],
  );
  const { sending_from: from, sending_to: to, sending_starts: starts } = rows[0] ?? {};
  if (from == null || to == null) return true;
  let isRead = true;
  const arrived: { position: number; partition: number; offset: number }[] = [];
  for (const [place, start] of Object.entries(starts ?? {})) {
    const { topic, partition } = placeOf(place);
    for (let next = start; ; ) {
      const [fetched] = await reader.fetch([{ topic, partition, offset: next }], { waitMs: 100 });
      if (fetched?.problem === "unknown_topic") {
        isRead = false;
        break;
      }
      // Retention has taken what lay before it, or the topic was made again: what arrived lies behind its start.
      if (fetched?.problem === "out_of_range" && fetched.start !== next) {
        next = fetched.start;
        continue;
      }
      // Not to know is not to have found nothing: what did arrive would be sent twice.
      if (!fetched || fetched.problem || (fetched.next <= next && next < fetched.end))
        throw kafkaFailure(cluster, new Error(`${place} could not be read at ${next}`));
      for (const record of fetched.records) {
        const position = positionOf(record.headers(), replayId);
        if (position !== undefined) arrived.push({ position, partition, offset: record.offset });
      }
      next = fetched.next;
      if (next >= fetched.end) break;
    }
  }
  await pool.query(
    `update dead_letter_replay_items i set state = 'sent', target_partition = seen.partition, target_offset = seen.at
       from unnest($2::int[], $3::int[], $4::bigint[]) as seen(position, partition, at)
      where i.replay_id = $1 and i.position = seen.position and i.position between $5 and $6 and i.state = 'waiting'`,
    [
      replayId,
      arrived.map(({ position }) => position),
      arrived.map(({ partition }) => partition),
      arrived.map(({ offset }) => offset),
      from,
      to,
    ],
  );
  return isRead;
}

function positionOf(
  headers: readonly [name: string, value: Buffer | null][],
  replayId: string,
): number | undefined {
  const read = (name: string) => headers.find(([found]) => found === name)?.[1]?.toString();
  return read(REPLAY_HEADERS.id) === replayId ? Number(read(REPLAY_HEADERS.position)) : undefined;
}
