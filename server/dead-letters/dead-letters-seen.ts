import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import type { PartitionOffsets, PartitionReader } from "#server/kafka/partition-reader.ts";
import type { DeadLetterTopics } from "./replay-work.ts";

const LOOK_EVERY_MS = 300;
/** The dead-letter producer of a sink may write a moment after the offset is committed. */
const DEAD_LETTER_GRACE_MS = 1_500;

/** True once every dead-letter topic of the cluster is indexed up to where it ended after the commits. */
export async function deadLettersSeen(
  { pool }: Pick<Deps, "pool">,
  { reader, topics }: { reader: PartitionReader; topics: DeadLetterTopics },
  signal: AbortSignal,
): Promise<boolean> {
  await delay(DEAD_LETTER_GRACE_MS, undefined, { signal });
  const ends = new Map<number, Map<number, number>>();
  for (const [id, { topic }] of topics) {
    const offsets = await offsetsOf(reader, topic);
    if (!offsets) return false;
    ends.set(id, new Map(offsets.map(({ partition, end }) => [partition, end])));
  }
  const until = performance.now() + 20_000;
  for (;;) {
    const { rows } = await pool.query<{ topic_id: number; partition: number; next_offset: string }>(
      "select topic_id, partition, next_offset from dead_letter_positions where topic_id = any($1)",
      [[...ends.keys()]],
    );
    const behind = rows.some(
      (row) => Number(row.next_offset) < (ends.get(row.topic_id)?.get(row.partition) ?? 0),
    );
    if (!behind) return true;
    if (performance.now() > until) return false;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** A topic that is not there holds nothing; undefined where one could not be read, since not to know is not to have seen. */
async function offsetsOf(reader: PartitionReader, topic: string): Promise<PartitionOffsets[] | undefined> {
  try {
    return await reader.offsets(topic);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.code === "not_found" ? [] : undefined;
  }
}
