import { openDb } from "#db/client.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import { writeRunItems } from "#server/plans/run-items.ts";
import { deadLettersSeen } from "./dead-letters-seen.ts";
import { committedAt, type SentPlace } from "./replay-rules.ts";
import type { SentRecords } from "./replay-work.ts";
import { inTransaction, settleIn } from "./settle-records.ts";

const SETTLE_AT_ONCE = 5_000;

/**
 * Settles what the sinks have committed past once their dead letters are indexed: then a record either came back or was
 * delivered. Answers how many were delivered; a round that finds nothing costs two questions.
 */
export async function deliverSent(
  work: SentRecords,
  places: readonly SentPlace[],
  onDelivered: (records: number) => void = () => undefined,
): Promise<number> {
  const committed = await committedAt(work, places);
  if (!places.some(({ first }, index) => (committed[index] ?? -1) > first)) return 0;
  const isSeen =
    work.targetTopic !== undefined || (await deadLettersSeen(work.context.deps, work, work.context.signal));
  return isSeen ? await deliverPassed(work, places, committed, onDelivered) : 0;
}

interface SettledRow {
  position: number;
  id: string;
  topic_id: number;
  incarnation: number;
  partition: number;
  offset: string;
}

/** Settles what the sinks have committed past, some thousands per transaction; answers how many. */
async function deliverPassed(
  work: SentRecords,
  places: readonly SentPlace[],
  committed: readonly number[],
  onDelivered: (records: number) => void,
): Promise<number> {
  const { context, step, targetTopic } = work;
  const { pool } = context.deps;
  const message = targetTopic === undefined ? "The sink has written it" : `Kafka has it in ${targetTopic}`;
  const passed = new Map(
    places.map(({ connector, topic, partition }, index) => [
      `${connector} ${topic}/${partition}`,
      committed[index] ?? -1,
    ]),
  );
  let total = 0;
  for (let from = -1; ; ) {
    context.workerSignal.throwIfAborted();
    const { rows } = await pool.query<{
      position: number;
      connector: string;
      topic: string;
      partition: number;
      at: string;
    }>(
      `select position, connector, target_topic as topic, target_partition as partition, target_offset as at
         from dead_letter_replay_items where replay_id = $1 and position > $2 and position < $3 and state = 'sent'
        order by position limit ${SETTLE_AT_ONCE}`,
      [step.replayId, from, step.upTo],
    );
    const due = rows.filter(
      (row) => Number(row.at) < (passed.get(`${row.connector} ${row.topic}/${row.partition}`) ?? -1),
    );
    if (due.length > 0) {
      const delivered = await deliver(
        work,
        due.map((row) => row.position),
        message,
      );
      // Told as it is done: whoever is interrupted behind it knows what was settled.
      onDelivered(delivered);
      total += delivered;
    }
    const last = rows.at(-1);
    if (!last || rows.length < SETTLE_AT_ONCE) return total;
    from = last.position;
  }
}

async function deliver(work: SentRecords, positions: readonly number[], message: string): Promise<number> {
  const { context, step } = work;
  return await inTransaction(context.deps.pool, async (client) => {
    const { rows } = await client.query<SettledRow>(
      `update dead_letter_replay_items set state = 'delivered', message = $3
        where replay_id = $1 and position = any($2::int[]) and state = 'sent'
        returning position, dead_letter_id as id, topic_id, incarnation, partition, "offset"`,
      [step.replayId, positions, message],
    );
    if (rows.length === 0) return 0;
    const at = context.deps.now();
    await client.query(
      `insert into dead_letter_attempts (dead_letter_id, run_id, at, outcome, marker)
       select i.dead_letter_id, i.replay_id, $3, 'delivered', $4::jsonb ->> i.connector
         from dead_letter_replay_items i where i.replay_id = $1 and i.position = any($2::int[])
       on conflict (dead_letter_id, run_id) do nothing`,
      [
        step.replayId,
        rows.map((row) => row.position),
        at,
        JSON.stringify(Object.fromEntries([...work.markers].filter(([, marker]) => marker !== ""))),
      ],
    );
    for (const letters of byPartition(rows)) {
      const [first] = letters;
      await settleIn(
        client,
        {
          text: `d.topic_id = $1 and d.incarnation = $2 and d.partition = $3 and d."offset" = any($4::bigint[])`,
          values: [first?.topic_id, first?.incarnation, first?.partition, letters.map((row) => row.offset)],
        },
        { from: ["PENDING"], to: "RESOLVED", countAttempt: true },
        { at, by: context.actor.id, reason: `Replayed (${step.replayId})` },
      );
    }
    await writeRunItems(
      openDb(client),
      context,
      rows.map((row): RunItem => ({ position: row.position, key: row.id, state: "succeeded", message })),
    );
    return rows.length;
  });
}

function byPartition(rows: readonly SettledRow[]): SettledRow[][] {
  const places = new Map<string, SettledRow[]>();
  for (const row of rows) {
    const place = `${row.topic_id}/${row.incarnation}/${row.partition}`;
    const known = places.get(place);
    if (known) known.push(row);
    else places.set(place, [row]);
  }
  return [...places.values()];
}
