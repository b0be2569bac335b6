import { pastSetAside, type Queue, shortQueues } from "#domain/dead-letters/past-set-aside.ts";
import type { Deps } from "#server/deps.ts";
import type { Offsets } from "#server/kafka/kafka-client.ts";

/** A dead letter at the end of a partition is one of the newest, or was seen there before. */
const NEWEST_LETTERS = 5_000;

interface Standing {
  next: number;
  end: number;
  /** Where the sink is counted to be. */
  past: number;
}

/** Moves a sink's position past the dead letters it stands behind, so that they are not told as events on their way. */
export function createSetAside({ pool }: Pick<Deps, "pool">, cluster: string) {
  const standing = new Map<string, Map<string, Standing>>();

  return async function setAside(sink: string, committed: Offsets, ends: Offsets): Promise<Offsets> {
    const queues = shortQueues(committed, ends);
    const last = standing.get(sink);
    const now = new Map<string, Standing>();
    const unknown: Queue[] = [];
    for (const queue of queues) {
      const before = last?.get(placeOf(queue));
      const isSame = before?.next === queue.next && before.end === queue.end;
      now.set(placeOf(queue), { ...queue, past: isSame ? before.past : queue.next });
      // A sink that works has moved at the next look; only one that stands still is asked about.
      if (isSame && before.past < queue.end) unknown.push(queue);
    }
    if (unknown.length > 0) {
      const letters = await lettersOf(sink, unknown);
      for (const queue of unknown) {
        const found = letters.get(placeOf(queue)) ?? new Set();
        const known = now.get(placeOf(queue))?.past ?? queue.next;
        // A letter that is no longer among the newest was still set aside.
        now.set(placeOf(queue), { ...queue, past: Math.max(known, pastSetAside(queue.next, found)) });
      }
    }
    standing.set(sink, now);
    return new Map(
      [...committed].map(([topic, partitions]) => [
        topic,
        new Map(
          [...partitions].map(([partition, next]) => [
            partition,
            now.get(placeOf({ topic, partition }))?.past ?? next,
          ]),
        ),
      ]),
    );
  };

  /** By place, the offsets that the sink's newest dead letters tell of. */
  async function lettersOf(sink: string, queues: readonly Queue[]): Promise<Map<string, Set<number>>> {
    const { rows } = await pool.query<{ topic: string; partition: number; offset: string }>(
      `select letter.original_topic as topic, letter.original_partition as partition, letter.original_offset as "offset"
         from (select coalesce(home_group_id, group_id) as group_id, original_topic, original_partition, original_offset
                 from dead_letters order by id desc limit ${NEWEST_LETTERS}) letter
         join dead_letter_groups g on g.id = letter.group_id
        where g.cluster = $1 and g.connector = $2 and letter.original_topic = any($3) and letter.original_offset is not null`,
      [cluster, sink, [...new Set(queues.map(({ topic }) => topic))]],
    );
    const letters = new Map<string, Set<number>>();
    for (const { topic, partition, offset } of rows) {
      const place = placeOf({ topic, partition });
      letters.set(place, (letters.get(place) ?? new Set()).add(Number(offset)));
    }
    return letters;
  }
}

function placeOf({ topic, partition }: Pick<Queue, "topic" | "partition">): string {
  return `${topic}/${partition}`;
}
