import kafkajs, { type Message } from "kafkajs";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { kafkaFailure } from "#server/kafka/failures.ts";
import type { ReplayItem } from "./next-replay-batch.ts";
import { type ReplayWork, skip } from "./replay-work.ts";
import { sinkMarker } from "./sink-marker.ts";

const partitionBy = kafkajs.Partitioners.DefaultPartitioner();

/** Intent with the ends of the target partitions, then the sending, then where it went: a crash between is settled by reading the topics back. */
export async function sendBatch(work: ReplayWork, batch: readonly ReplayItem[]): Promise<void> {
  const { context, step } = work;
  const { pool } = context.deps;
  const items = await withoutOvertaken(work, batch);
  if (items.length === 0) return;
  await noteMarkers(work, items);
  const places = new Map<string, ReplayItem[]>();
  for (const item of items) {
    if (work.targetTopic !== undefined) item.partition = targetPartition(work, item);
    const place = `${item.topic}/${item.partition}`;
    const known = places.get(place);
    if (known) known.push(item);
    else places.set(place, [item]);
  }
  await pool.query(
    "update dead_letter_replays set sending_from = $2, sending_to = $3, sending_starts = $4 where id = $1",
    [
      step.replayId,
      items[0]?.position,
      items.at(-1)?.position,
      JSON.stringify(await work.newer.startsOf(places.keys())),
    ],
  );
  const bases = await produce(work, items);
  const [positions, partitions, offsets]: [number[], number[], number[]] = [[], [], []];
  for (const [place, sent] of places) {
    const base = bases.get(place) ?? 0;
    work.newer.sent(place, base, sent.length);
    for (const [index, item] of sent.entries()) {
      positions.push(item.position);
      partitions.push(item.partition);
      offsets.push(base + index);
    }
  }
  await pool.query(
    `update dead_letter_replay_items i set state = 'sent', target_partition = seen.partition, target_offset = seen.at
       from unnest($2::int[], $3::int[], $4::bigint[]) as seen(position, partition, at)
      where i.replay_id = $1 and i.position = seen.position and i.state = 'waiting'`,
    [step.replayId, positions, partitions, offsets],
  );
}

/** Looks at what came into the original topics since the plan was made. Our own sendings overtake nothing. */
async function withoutOvertaken(
  work: ReplayWork,
  items: readonly ReplayItem[],
): Promise<readonly ReplayItem[]> {
  if (work.targetTopic !== undefined) return items;
  const places = new Map(items.map((item) => [item, `${item.topic}/${item.partition}`]));
  await work.newer.readOn(new Set(places.values()));
  const placed = (item: ReplayItem) => places.get(item) ?? "";
  const overtaken = items.filter(
    (item) => item.keyHash !== null && work.newer.has(placed(item), item.keyHash),
  );
  await skip(
    work,
    overtaken.map((item) => item.position),
    "A newer event of this row arrived after the plan was made",
  );
  const left = new Set(overtaken);
  // Who sent it without a verdict has accepted that.
  const untold = items.filter(
    (item) =>
      !left.has(item) &&
      item.keyHash !== null &&
      item.verdict !== "unknown" &&
      !work.newer.isTold(placed(item)),
  );
  await skip(
    work,
    untold.map((item) => item.position),
    "Not all that came into its topic since the plan was made can be read: it cannot be told whether a newer event of this row exists",
  );
  for (const item of untold) left.add(item);
  return left.size === 0 ? items : items.filter((item) => !left.has(item));
}

/** What each sink is like now, before anything is sent to it: a failure is compared with it later. */
async function noteMarkers(work: ReplayWork, items: readonly ReplayItem[]): Promise<void> {
  const { context, step, cluster, markers } = work;
  const asked = [...new Set(items.map((item) => item.connector))].filter((name) => !markers.has(name));
  if (asked.length === 0) return;
  for (const name of asked) markers.set(name, (await sinkMarker(context.deps, cluster, name)) ?? "");
  const told = Object.fromEntries([...markers].filter(([, marker]) => marker !== ""));
  await context.deps.pool.query("update dead_letter_replays set markers = $2 where id = $1", [
    step.replayId,
    JSON.stringify(told),
  ]);
}

function targetPartition(work: ReplayWork, { topic, key, position }: ReplayItem): number {
  const count = Math.max(1, work.targetPartitions);
  if (key === null) return position % count;
  const partitionMetadata = Array.from({ length: count }, (_item, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [],
    isr: [],
  }));
  return partitionBy({ topic, partitionMetadata, message: { key, value: null } });
}

/** Answers the first offset of each partition; kafkajs sends one batch per partition, so the others follow it. */
async function produce(
  { producer, step, cluster }: ReplayWork,
  items: readonly ReplayItem[],
): Promise<Map<string, number>> {
  const topics = new Map<string, Message[]>();
  for (const item of items) {
    const messages = topics.get(item.topic);
    const message = messageOf(item, step.replayId);
    if (messages) messages.push(message);
    else topics.set(item.topic, [message]);
  }
  try {
    const metadata = await producer.sendBatch({
      acks: -1,
      compression: kafkajs.CompressionTypes.LZ4,
      topicMessages: [...topics].map(([topic, messages]) => ({ topic, messages })),
    });
    return new Map(
      metadata.map(({ topicName, partition, baseOffset }) => [
        `${topicName}/${partition}`,
        Number(baseOffset),
      ]),
    );
  } catch (error) {
    throw kafkaFailure(cluster, error);
  }
}

function messageOf(item: ReplayItem, replayId: string): Message {
  const { key, value, partition, headers } = item;
  headers[REPLAY_HEADERS.id] = replayId;
  headers[REPLAY_HEADERS.position] = String(item.position);
  headers[REPLAY_HEADERS.attempt] = String(item.attempt);
  headers[REPLAY_HEADERS.source] = `${item.at.topic}-${item.at.partition}@${item.at.offset}`;
  return { key, value, partition, headers };
}
