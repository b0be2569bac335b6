import type { Producer } from "kafkajs";
import type { ReplayStep } from "#domain/dead-letters/replay-input.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import type { PartitionReader } from "#server/kafka/partition-reader.ts";
import type { StepContext } from "#server/plans/plan-kind.ts";
import type { LetterSource } from "./letter-source.ts";
import type { NewerKeys } from "./newer-keys.ts";

/** What is needed to settle records that were sent. */
export interface SentRecords {
  context: Pick<StepContext, "deps" | "actor" | "runId" | "stepPosition" | "signal" | "workerSignal">;
  step: ReplayStep;
  cluster: string;
  /** Undefined: each record goes back to its own topic. */
  targetTopic: string | undefined;
  reader: PartitionReader;
  /** What each sink was like, asked once per run. */
  markers: Map<string, string>;
  /** Dead-letter topics by id, with their present incarnation per partition. */
  topics: DeadLetterTopics;
}

export type DeadLetterTopics = ReadonlyMap<
  number,
  { topic: string; incarnations: ReadonlyMap<number, number> }
>;

/** What the parts of a running replay share. */
export interface ReplayWork extends SentRecords {
  context: StepContext;
  /** Partitions of the target topic, where there is one. */
  targetPartitions: number;
  producer: Producer;
  letters: LetterSource;
  newer: NewerKeys;
  /** Behind the last record of the wave that was looked at. */
  cursor: number;
  progressAt: number;
  startedAt: number;
}

export async function deadLetterTopicsOf(
  { pool }: Pick<Deps, "pool">,
  cluster: string,
): Promise<DeadLetterTopics> {
  const { rows } = await pool.query<{
    id: number;
    topic: string;
    partition: number;
    incarnation: number;
  }>(
    `select t.id, t.topic, p.partition, p.incarnation from dead_letter_topics t join dead_letter_positions p on p.topic_id = t.id
      where t.cluster = $1 and t.gone_at is null`,
    [cluster],
  );
  const topics = new Map<number, { topic: string; incarnations: Map<number, number> }>();
  for (const { id, topic, partition, incarnation } of rows) {
    const known = topics.get(id) ?? { topic, incarnations: new Map() };
    known.incarnations.set(partition, incarnation);
    topics.set(id, known);
  }
  return topics;
}

const MOST_ITEMS = 5_000;

export async function recordAll(
  { context }: Pick<ReplayWork, "context">,
  items: readonly RunItem[],
): Promise<void> {
  for (let from = 0; from < items.length; from += MOST_ITEMS)
    await context.recordItems(items.slice(from, from + MOST_ITEMS));
}

/** Leaves records out, with the reason as their result. */
export async function skip(work: ReplayWork, positions: readonly number[], message: string): Promise<void> {
  if (positions.length === 0) return;
  await work.context.deps.pool.query(
    "update dead_letter_replay_items set state = 'skipped', message = $3 where replay_id = $1 and position = any($2)",
    [work.step.replayId, positions, message],
  );
  await recordAll(
    work,
    positions.map((position): RunItem => ({ position, key: String(position), state: "skipped", message })),
  );
}

const RESULT = { delivered: "succeeded", failed: "failed", skipped: "skipped" } as const;

/** Results that were stored and not yet told to the run: those decided in the plan, and those a crash came after. */
export async function recordSettled(work: ReplayWork): Promise<void> {
  const { pool } = work.context.deps;
  for (let from = -1; ; ) {
    const { rows } = await pool.query<{
      position: number;
      id: string;
      state: keyof typeof RESULT;
      message: string;
    }>(
      `select position, dead_letter_id as id, state, coalesce(message, '') as message from dead_letter_replay_items
        where replay_id = $1 and position > $2 and position < $3 and state in ('delivered', 'failed', 'skipped')
        order by position limit ${MOST_ITEMS}`,
      [work.step.replayId, from, work.step.upTo],
    );
    const last = rows.at(-1);
    if (!last) return;
    await recordAll(
      work,
      rows.map(({ position, id, state, message }) => ({ position, key: id, state: RESULT[state], message })),
    );
    from = last.position;
  }
}

export async function countStates({ context, step }: ReplayWork): Promise<Record<string, number>> {
  const { rows } = await context.deps.pool.query<{ state: string; n: number }>(
    "select state, count(*)::int as n from dead_letter_replay_items where replay_id = $1 group by 1",
    [step.replayId],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
}

/** Counting a large replay costs more than sending a batch of it. */
export async function tellProgress(work: ReplayWork, note: string): Promise<void> {
  if (performance.now() - work.progressAt < 2_000) return;
  work.progressAt = performance.now();
  await work.context.progress(...progressOf(await countStates(work)), note);
}

export function progressOf(counts: Record<string, number>): [done: number, total: number] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [total - (counts.waiting ?? 0), total];
}
