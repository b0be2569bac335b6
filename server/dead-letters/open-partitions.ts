import type pg from "pg";
import { judgePartition, type SeenPartition } from "#domain/dead-letters/incarnation.ts";
import type { PartitionReader } from "#server/kafka/partition-reader.ts";
import { anchorHash } from "./anchor.ts";
import type { LeasedTopic } from "./topic-leases.ts";

export interface OpenPartition {
  topicId: number;
  topic: string;
  partition: number;
  incarnation: number;
  /** The next record to index. */
  offset: number;
  copyDays: number;
  retentionMs: number | null;
  /** Whether the last look found everything indexed. */
  caughtUp: boolean;
}

interface StoredPosition {
  partition: number;
  incarnation: number;
  next_offset: string;
  anchor_offset: string | null;
  anchor_hash: string | null;
}

/**
 * Where to go on in each partition of a topic. Compares what Kafka holds with what was indexed: records that retention
 * took first are counted as lost, and another topic of the same name begins a new incarnation.
 */
export async function openPartitions(
  pool: pg.Pool,
  reader: PartitionReader,
  topic: LeasedTopic,
  at: Date,
): Promise<OpenPartition[]> {
  const offsets = await reader.offsets(topic.topic);
  const { rows } = await pool.query<StoredPosition>(
    "select partition, incarnation, next_offset, anchor_offset, anchor_hash from dead_letter_positions where topic_id = $1",
    [topic.id],
  );
  const stored = new Map(rows.map((row) => [row.partition, row]));
  const current = rows.reduce((highest, row) => Math.max(highest, row.incarnation), 0);
  const seen: (SeenPartition & { partition: number; start: number; end: number })[] = [];
  for (const { partition, start, end } of offsets) {
    const row = stored.get(partition);
    const anchorOffset = row?.anchor_offset == null ? undefined : Number(row.anchor_offset);
    const anchor =
      anchorOffset !== undefined && anchorOffset >= start && anchorOffset < end
        ? await hashAt(reader, topic.topic, partition, anchorOffset)
        : undefined;
    seen.push({
      partition,
      start,
      end,
      next: row === undefined ? undefined : Number(row.next_offset),
      anchorMoved: anchor !== undefined && row?.anchor_hash != null && anchor !== row.anchor_hash,
    });
  }
  const judged = seen.map((partition) => ({ ...partition, ...judgePartition(partition) }));
  const recreated = judged.some((partition) => partition.recreated);
  const incarnation = recreated ? current + 1 : Math.max(1, current);
  return await Promise.all(
    judged.map(async ({ partition, start, end, from, lost, next }) => {
      const offset = recreated ? start : from;
      if (recreated || next === undefined || offset !== next)
        await pool.query(
          `insert into dead_letter_positions (topic_id, partition, incarnation, next_offset, log_start, log_end, lost, moved_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8)
           on conflict (topic_id, partition) do update
             set incarnation = excluded.incarnation, next_offset = excluded.next_offset, log_start = excluded.log_start,
                 log_end = excluded.log_end, lost = dead_letter_positions.lost + excluded.lost, moved_at = excluded.moved_at,
                 anchor_offset = case when $9 then null else dead_letter_positions.anchor_offset end,
                 anchor_hash = case when $9 then null else dead_letter_positions.anchor_hash end
             where dead_letter_positions.next_offset = $10 or dead_letter_positions.incarnation <> excluded.incarnation`,
          [
            topic.id,
            partition,
            incarnation,
            offset,
            start,
            end,
            recreated ? 0 : lost,
            at,
            recreated,
            next ?? -1,
          ],
        );
      return {
        topicId: topic.id,
        topic: topic.topic,
        partition,
        incarnation,
        offset,
        copyDays: topic.copyDays,
        retentionMs: topic.retentionMs,
        caughtUp: offset >= end,
      };
    }),
  );
}

async function hashAt(
  reader: PartitionReader,
  topic: string,
  partition: number,
  offset: number,
): Promise<string | undefined> {
  const [fetched] = await reader.fetch([{ topic, partition, offset }], { partitionBytes: 1, waitMs: 0 });
  const record = fetched?.records[0];
  return record?.offset === offset ? anchorHash(record) : undefined;
}
