import { setTimeout as delay } from "node:timers/promises";
import kafkajs, { type IHeaders, Kafka, logLevel, type Message, type Producer } from "kafkajs";
import { connectorHealth } from "#domain/connectors/health.ts";
import { keptHeaders, REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import { mustStop, ReplayStep, rampedRate, STOP_SHARE } from "#domain/dead-letters/replay-input.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { RunItem } from "#domain/plans/schema.ts";
import { registerCodecs } from "#server/kafka/codecs.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import type { LazyRecord } from "#server/kafka/record-batch.ts";
import type { PlanKind, StepContext, StepOutcome } from "#server/plans/plan-kind.ts";
import { findArrived } from "./find-arrived.ts";
import { createNewerKeys, type NewerKeys } from "./newer-keys.ts";
import { sinkMarker } from "./propose-replay.ts";
import { inTransaction, settleIn } from "./settle-records.ts";

const BATCH = 2_000;
const LOOK_EVERY_MS = 300;
/** The dead-letter producer of a sink may write a moment after the offset is committed. */
const DEAD_LETTER_GRACE_MS = 1_500;
const CONFIRM_WITHIN_MS = 180_000;

/** Sends frozen dead letters again, in order, and tells of each how it ended. */
export const replayPlanKind: PlanKind = {
  kind: "dead-letters.replay",
  permission: "dead-letters:repair",
  approvePermission: "dead-letters:repair",
  runStep: (context, step) => replay(context, ReplayStep.parse(step.input)),
  // What was sent is found out from the topic itself at the start of the step, so doing it again sends nothing twice.
  settleStep: () => Promise.resolve({ state: "not_done" }),
};

interface Item {
  position: number;
  deadLetterId: number;
  wave: number;
  chain: number;
  topic: string;
  partition: number;
  originalOffset: number;
  keyHash: string | null;
  attempt: number;
  connector: string;
  at: { topic: string; topicId: number; partition: number; offset: number };
}

async function replay(context: StepContext, step: ReplayStep): Promise<StepOutcome> {
  const { deps, runId } = context;
  const { rows } = await deps.pool.query<{ cluster: string; scanned_to: Record<string, number> }>(
    "update dead_letter_replays set run_id = $2 where id = $1 returning cluster, scanned_to",
    [step.replayId, runId],
  );
  const [stored] = rows;
  if (!stored) return { state: "failed", message: "The selection of this replay is not there any more" };
  const settings = deps.cluster(stored.cluster).kafka;
  const reader = createPartitionReader({ cluster: stored.cluster, ...settings });
  registerCodecs();
  const producer = new Kafka({
    clientId: "headgate-replay",
    brokers: [...settings.brokers],
    ssl: settings.tls,
    logLevel: logLevel.NOTHING,
  }).producer({
    idempotent: true,
    maxInFlightRequests: 1,
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  try {
    await producer.connect();
    return await workThrough({
      context,
      step,
      cluster: stored.cluster,
      reader,
      producer,
      newer: createNewerKeys(reader, stored.scanned_to, step.replayId),
      markers: new Map(),
      cursor: 0,
      progressAt: 0,
      startedAt: performance.now(),
    });
  } finally {
    await Promise.all([producer.disconnect().catch(() => undefined), reader.close()]);
  }
}

interface Work {
  context: StepContext;
  step: ReplayStep;
  cluster: string;
  reader: PartitionReader;
  producer: Producer;
  newer: NewerKeys;
  /** What each sink was like, asked once per run. */
  markers: Map<string, string | null>;
  /** Behind the last record of the wave that was looked at. */
  cursor: number;
  progressAt: number;
  startedAt: number;
}

async function workThrough(work: Work): Promise<StepOutcome> {
  const { context } = work;
  await findArrived(context.deps.pool, work.reader, work.step.replayId);
  for (let wave = 0; ; wave += 1) {
    const last = await lastWave(work);
    if (last === undefined || wave > last) break;
    work.cursor = 0;
    for (;;) {
      context.signal.throwIfAborted();
      if (await isPaused(work)) {
        await context.progress(...(await progressOf(work)), "Paused");
        await delay(LOOK_EVERY_MS, undefined, { signal: context.signal });
        continue;
      }
      const rate = await rateOf(work);
      const items = await nextItems(
        work,
        wave,
        rate === undefined ? BATCH : Math.max(1, Math.min(BATCH, Math.round(rate))),
      );
      if (items.length === 0) break;
      const begun = performance.now();
      await sendBatch(work, items);
      await tellProgress(work, `Sent up to position ${items.at(-1)?.position ?? 0}`);
      if (rate !== undefined)
        await delay(Math.max(0, (items.length / rate) * 1_000 - (performance.now() - begun)), undefined, {
          signal: context.signal,
        });
    }
    const stopped = await confirm(work);
    if (stopped) return stopped;
    await skipBrokenChains(work);
  }
  const counts = await countStates(work);
  const message = `${counts.delivered ?? 0} delivered, ${counts.failed ?? 0} failed again, ${counts.skipped ?? 0} left out${counts.sent ? `, ${counts.sent} sent without confirmation` : ""}`;
  return {
    state: (counts.failed ?? 0) > 0 && (counts.delivered ?? 0) === 0 ? "failed" : "succeeded",
    message,
    detail: { ...counts },
  };
}

async function lastWave({ context, step }: Work): Promise<number | undefined> {
  const { rows } = await context.deps.pool.query<{ wave: number | null }>(
    "select max(wave) as wave from dead_letter_replay_items where replay_id = $1 and position < $2 and state in ('waiting', 'sending', 'sent')",
    [step.replayId, step.upTo],
  );
  return rows[0]?.wave ?? undefined;
}

async function isPaused({ context, step }: Work): Promise<boolean> {
  const { rows } = await context.deps.pool.query<{ paused: boolean }>(
    "select paused from dead_letter_replays where id = $1",
    [step.replayId],
  );
  return rows[0]?.paused ?? false;
}

async function rateOf({ context, step, startedAt }: Work): Promise<number | undefined> {
  const { rows } = await context.deps.pool.query<{ rate: number | null }>(
    "select rate_per_second as rate from dead_letter_replays where id = $1",
    [step.replayId],
  );
  const rate = rows[0]?.rate ?? undefined;
  return rate === undefined ? undefined : rampedRate(rate, performance.now() - startedAt);
}

interface ItemRow {
  position: number;
  dead_letter_id: string;
  wave: number;
  chain: number;
  target_topic: string;
  target_partition: number;
  original_offset: string;
  key_hash: string | null;
  status: string;
  attempts: number;
  connector: string;
  topic: string;
  topic_id: number;
  partition: number;
  offset: string;
}

/** The next records of the wave; what was settled by other means meanwhile is left out. */
async function nextItems(work: Work, wave: number, limit: number): Promise<Item[]> {
  const { rows } = await work.context.deps.pool.query<ItemRow>(
    `select i.position, i.dead_letter_id, i.wave, i.chain, i.target_topic, i.target_partition, d.original_offset, d.key_hash, d.status, d.attempts,
            g.connector, t.topic, d.topic_id, d.partition, d."offset"
       from (select * from dead_letter_replay_items where replay_id = $1 and state = 'waiting' and wave = $2 and position >= $5 and position < $3
                order by position limit $4) i
       join dead_letters d on d.id = i.dead_letter_id
       join dead_letter_groups g on g.id = d.group_id
       join dead_letter_topics t on t.id = d.topic_id
      order by i.position`,
    [work.step.replayId, wave, work.step.upTo, limit, work.cursor],
  );
  work.cursor = (rows.at(-1)?.position ?? work.cursor - 1) + 1;
  const settled = rows.filter((row) => row.status !== "PENDING");
  await skip(
    work,
    settled.map((row) => row.position),
    "It was settled by other means meanwhile",
  );
  const open = rows.filter((row) => row.status === "PENDING").map(toItem);
  const overtaken = await overtakenSince(work, open);
  await skip(work, [...overtaken], "A newer event of this row arrived after the plan was made");
  const left = open.filter((item) => !overtaken.has(item.position));
  // All of a batch may have been left out while more wait behind it.
  return left.length === 0 && rows.length > 0 ? nextItems(work, wave, limit) : left;
}

function toItem(row: ItemRow): Item {
  return {
    position: row.position,
    deadLetterId: Number(row.dead_letter_id),
    wave: row.wave,
    chain: row.chain,
    topic: row.target_topic,
    partition: row.target_partition,
    originalOffset: Number(row.original_offset),
    keyHash: row.key_hash,
    attempt: row.attempts + 1,
    connector: row.connector,
    at: { topic: row.topic, topicId: row.topic_id, partition: row.partition, offset: Number(row.offset) },
  };
}

/** Looks at what came into the original topics since the plan was made. Our own sendings overtake nothing. */
async function overtakenSince(work: Work, items: readonly Item[]): Promise<Set<number>> {
  for (const place of new Set(items.map((item) => `${item.topic}/${item.partition}`)))
    await work.newer.readOn(place);
  return new Set(
    items.flatMap((item) =>
      item.keyHash !== null && work.newer.has(`${item.topic}/${item.partition}`, item.keyHash)
        ? [item.position]
        : [],
    ),
  );
}

const MOST_ITEMS = 5_000;

async function recordAll({ context }: Work, items: readonly RunItem[]): Promise<void> {
  for (let from = 0; from < items.length; from += MOST_ITEMS)
    await context.recordItems(items.slice(from, from + MOST_ITEMS));
}

async function skip(work: Work, positions: readonly number[], message: string): Promise<void> {
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

/** Intent with the ends of the target partitions, then the sending, then where it went: a crash between is settled by reading the topic back. */
async function sendBatch(work: Work, items: readonly Item[]): Promise<void> {
  const { context, step, producer } = work;
  const { pool } = context.deps;
  const raw = await readLetters(work.reader, items);
  const gone = items.filter((item) => !raw.has(item.position));
  await skip(
    work,
    gone.map((item) => item.position),
    "Kafka no longer has its bytes",
  );
  const ready = items.filter((item) => raw.has(item.position));
  if (ready.length === 0) return;
  await pool.query(
    `update dead_letter_replay_items i set state = 'sending', target_offset = seen.from_offset
       from unnest($2::int[], $3::bigint[]) as seen(position, from_offset) where i.replay_id = $1 and i.position = seen.position`,
    [
      step.replayId,
      ready.map((item) => item.position),
      ready.map((item) => work.newer.readTo(`${item.topic}/${item.partition}`)),
    ],
  );
  const topics = new Map<string, Item[]>();
  for (const item of ready) push(topics, item.topic, item);
  const metadata = await producer.sendBatch({
    acks: -1,
    compression: kafkajs.CompressionTypes.LZ4,
    topicMessages: [...topics].map(([topic, wanted]) => ({
      topic,
      messages: wanted.map((item) => messageOf(item, raw.get(item.position), step.replayId)),
    })),
  });
  const bases = new Map(
    metadata.map(({ topicName, partition, baseOffset }) => [`${topicName}/${partition}`, Number(baseOffset)]),
  );
  const seen = new Map<string, number>();
  const offsets = ready.map((item) => {
    const place = `${item.topic}/${item.partition}`;
    const index = seen.get(place) ?? 0;
    seen.set(place, index + 1);
    return (bases.get(place) ?? 0) + index;
  });
  const { markers } = work;
  for (const { connector } of ready)
    if (!markers.has(connector))
      markers.set(connector, (await sinkMarker(context.deps, work.cluster, connector)) ?? null);
  await pool.query(
    `with sent as (
       update dead_letter_replay_items i set state = 'sent', target_offset = seen.at
         from unnest($2::int[], $3::bigint[]) as seen(position, at)
        where i.replay_id = $1 and i.position = seen.position and i.state = 'sending'),
     tried as (
       insert into dead_letter_attempts (dead_letter_id, run_id, at, outcome, marker)
       select id, $1, $5, 'sent', marker from unnest($4::bigint[], $6::text[]) as tried(id, marker) on conflict (dead_letter_id, run_id) do nothing)
     update dead_letters set attempts = attempts + 1 where id = any($4)`,
    [
      step.replayId,
      ready.map((item) => item.position),
      offsets,
      ready.map((item) => item.deadLetterId),
      context.deps.now(),
      ready.map((item) => markers.get(item.connector) ?? null),
    ],
  );
}

function messageOf(item: Item, record: LazyRecord | undefined, replayId: string): Message {
  const headers: IHeaders = {};
  for (const [name, value] of keptHeaders(record?.headers() ?? [])) {
    const known = headers[name];
    const content = value ?? Buffer.alloc(0);
    headers[name] = known === undefined ? content : [...(Array.isArray(known) ? known : [known]), content];
  }
  headers[REPLAY_HEADERS.id] = replayId;
  headers[REPLAY_HEADERS.position] = String(item.position);
  headers[REPLAY_HEADERS.attempt] = String(item.attempt);
  headers[REPLAY_HEADERS.source] = `${item.at.topic}-${item.at.partition}@${item.at.offset}`;
  return { key: record?.key ?? null, value: record?.value ?? null, partition: item.partition, headers };
}

/** The raw records, read along the dead-letter topics in as few requests as their places allow. */
async function readLetters(
  reader: PartitionReader,
  items: readonly Item[],
): Promise<Map<number, LazyRecord>> {
  const found = new Map<number, LazyRecord>();
  const places = new Map<string, Item[]>();
  for (const item of items) push(places, `${item.at.topic}/${item.at.partition}`, item);
  for (const wanted of places.values()) {
    const sorted = [...wanted].sort((a, b) => a.at.offset - b.at.offset);
    let index = 0;
    while (index < sorted.length) {
      const first = sorted[index];
      if (!first) break;
      const { topic, partition, offset } = first.at;
      const [fetched] = await reader.fetch([{ topic, partition, offset }], {
        waitMs: 0,
        partitionBytes: 256 << 10,
      });
      const records = new Map((fetched?.records ?? []).map((record) => [record.offset, record]));
      const until = Math.max(fetched?.next ?? 0, offset + 1);
      for (; index < sorted.length; index += 1) {
        const item = sorted[index];
        if (!item || item.at.offset >= until) break;
        const record = records.get(item.at.offset);
        if (record) found.set(item.position, record);
      }
    }
  }
  return found;
}

/** Waits until the sinks have committed past what was sent and their dead letters are indexed: then a record either came back or was delivered. */
async function confirm(work: Work): Promise<StepOutcome | undefined> {
  const { context, step, cluster } = work;
  const { deps, signal } = context;
  const until = performance.now() + CONFIRM_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const sent = await sentItems(work);
    if (sent.length === 0) return undefined;
    const passed = await passedItems(work, sent);
    if (passed.length > 0) {
      const settled = await deadLettersSeen(work);
      if (settled) await deliver(work, passed);
    }
    const counts = await countStates(work);
    await context.progress(...(await progressOf(work)), "Waiting until the sink has written them");
    if (mustStop(counts.delivered ?? 0, counts.failed ?? 0))
      return {
        state: "failed",
        message: `Stopped: more than ${STOP_SHARE * 100} % failed again (${counts.failed} of ${(counts.delivered ?? 0) + (counts.failed ?? 0)})`,
        detail: { ...counts },
      };
    for (const connector of new Set(sent.map((item) => item.connector))) {
      const health = await healthOf(work, connector);
      if (health === "failed")
        return {
          state: "failed",
          message: `${connector} stopped while it wrote the replayed records; look at the stopped sink first`,
          detail: { ...counts },
        };
    }
    if (passed.length < sent.length && performance.now() > until) {
      await deps.pool.query(
        "update dead_letter_replay_items set message = 'Sent; the sink has not committed past it' where replay_id = $1 and state = 'sent'",
        [step.replayId],
      );
      return {
        state: "failed",
        message: `${sent.length} records were sent, and no sink of ${cluster} has committed past them within ${CONFIRM_WITHIN_MS / 60_000} minutes`,
        detail: { ...counts },
      };
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}

interface SentItem {
  position: number;
  deadLetterId: number;
  connector: string;
  topic: string;
  partition: number;
  offset: number;
}

async function sentItems({ context, step }: Work): Promise<SentItem[]> {
  const { rows } = await context.deps.pool.query<{
    position: number;
    id: string;
    connector: string;
    topic: string;
    partition: number;
    at: string;
  }>(
    `select i.position, i.dead_letter_id as id, g.connector, i.target_topic as topic, i.target_partition as partition, i.target_offset as at
       from dead_letter_replay_items i join dead_letters d on d.id = i.dead_letter_id join dead_letter_groups g on g.id = d.group_id
      where i.replay_id = $1 and i.state = 'sent' and i.position < $2`,
    [step.replayId, step.upTo],
  );
  return rows.map((row) => ({
    position: row.position,
    deadLetterId: Number(row.id),
    connector: row.connector,
    topic: row.topic,
    partition: row.partition,
    offset: Number(row.at),
  }));
}

async function passedItems({ context, cluster }: Work, sent: readonly SentItem[]): Promise<SentItem[]> {
  const passed: SentItem[] = [];
  const topics = [...new Set(sent.map((item) => item.topic))];
  for (const connector of new Set(sent.map((item) => item.connector))) {
    if (connector === "") continue;
    const committed = await context.deps.kafka(cluster).committedOffsets(`connect-${connector}`, topics);
    passed.push(
      ...sent.filter(
        (item) =>
          item.connector === connector &&
          (committed.get(item.topic)?.get(item.partition) ?? -1) > item.offset,
      ),
    );
  }
  return passed;
}

/** True once every dead-letter topic of the cluster is indexed up to where it ended after the commits. */
async function deadLettersSeen({ context, cluster, reader }: Work): Promise<boolean> {
  const { pool } = context.deps;
  await delay(DEAD_LETTER_GRACE_MS, undefined, { signal: context.signal });
  const { rows: topics } = await pool.query<{ id: number; topic: string }>(
    "select id, topic from dead_letter_topics where cluster = $1 and gone_at is null",
    [cluster],
  );
  const ends = new Map<number, Map<number, number>>();
  for (const { id, topic } of topics) {
    const offsets = await reader.offsets(topic).catch(() => []);
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
    await delay(LOOK_EVERY_MS, undefined, { signal: context.signal });
  }
}

async function deliver(work: Work, passed: readonly SentItem[]): Promise<void> {
  const { context, step } = work;
  const { deps, actor } = context;
  const delivered = await inTransaction(deps.pool, async (client) => {
    const { rows } = await client.query<{ position: number; id: string }>(
      `update dead_letter_replay_items set state = 'delivered', message = 'The sink has written it'
        where replay_id = $1 and position = any($2) and state = 'sent' returning position, dead_letter_id as id`,
      [step.replayId, passed.map((item) => item.position)],
    );
    const ids = rows.map((row) => Number(row.id));
    await client.query(
      "update dead_letter_attempts set outcome = 'delivered' where run_id = $1 and dead_letter_id = any($2) and outcome = 'sent'",
      [step.replayId, ids],
    );
    await settleIn(
      client,
      { text: "d.id = any($1::bigint[])", values: [ids] },
      { from: ["PENDING"], to: "RESOLVED" },
      { at: deps.now(), by: actor.id, reason: `Replayed (${step.replayId})` },
    );
    return rows;
  });
  await recordAll(
    work,
    delivered.map(
      (row): RunItem => ({
        position: row.position,
        key: row.id,
        state: "succeeded",
        message: "The sink has written it",
      }),
    ),
  );
}

/** A failed event stops the later ones of its row, and only those. */
async function skipBrokenChains(work: Work): Promise<void> {
  const { rows } = await work.context.deps.pool.query<{
    position: number;
    state: string;
    chained: number[] | null;
  }>(
    `select f.position, f.state, (select array_agg(w.position) from dead_letter_replay_items w
        where w.replay_id = f.replay_id and w.chain = f.chain and w.wave > f.wave and w.state = 'waiting') as chained
       from dead_letter_replay_items f where f.replay_id = $1 and f.state = 'failed'`,
    [work.step.replayId],
  );
  await recordAll(
    work,
    rows.map(
      (row): RunItem => ({
        position: row.position,
        key: String(row.position),
        state: "failed",
        message: "It failed again and is a dead letter again",
      }),
    ),
  );
  await skip(
    work,
    rows.flatMap((row) => row.chained ?? []),
    "An earlier event of this row failed again",
  );
}

async function countStates({ context, step }: Work): Promise<Record<string, number>> {
  const { rows } = await context.deps.pool.query<{ state: string; n: number }>(
    "select state, count(*)::int as n from dead_letter_replay_items where replay_id = $1 group by 1",
    [step.replayId],
  );
  return Object.fromEntries(rows.map((row) => [row.state, row.n]));
}

/** Counting a large replay costs more than sending a batch of it. */
async function tellProgress(work: Work, note: string): Promise<void> {
  if (performance.now() - work.progressAt < 2_000) return;
  work.progressAt = performance.now();
  await work.context.progress(...(await progressOf(work)), note);
}

async function progressOf(work: Work): Promise<[done: number, total: number]> {
  const counts = await countStates(work);
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [total - (counts.waiting ?? 0) - (counts.sending ?? 0), total];
}

async function healthOf({ context, cluster }: Work, connector: string) {
  if (connector === "") return undefined;
  try {
    const status = await context.deps.connect(cluster).status(connector);
    return connectorHealth(
      status.connector.state,
      status.tasks.map((task) => task.state),
    );
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function push<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const known = lists.get(key);
  if (known) known.push(item);
  else lists.set(key, [item]);
}
