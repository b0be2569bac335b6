import { afterAll, beforeAll, expect, test } from "vitest";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { createIndexer } from "./indexer.ts";

let stack: Stack;
let kafka: TestKafka;

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
});

afterAll(async () => {
  await kafka?.stop();
  await stack?.stop();
});

async function watchTopic(topic: string): Promise<number> {
  const { rows } = await stack.deps.pool.query<{ id: number }>(
    "insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now()) returning id",
    [topic],
  );
  return rows[0]?.id ?? 0;
}

function anIndexer() {
  return createIndexer({
    cluster: "lab",
    pool: stack.deps.pool,
    reader: createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false }),
    registry: stack.deps.registry("lab")?.client,
    log: stack.deps.log,
    now: stack.deps.now,
    waitMs: 100,
  });
}

/** Lets a fresh worker index until the given number of rows is there. */
async function indexUntil(topicId: number, wanted: number): Promise<void> {
  const indexer = anIndexer();
  try {
    await expect
      .poll(
        async () => {
          await indexer.step();
          return await countOf(topicId);
        },
        { timeout: 30_000, interval: 0 },
      )
      .toBe(wanted);
  } finally {
    await indexer.close();
  }
}

async function countOf(topicId: number): Promise<number> {
  const { rows } = await stack.deps.pool.query<{ n: number }>(
    "select count(*)::int as n from dead_letters where topic_id = $1",
    [topicId],
  );
  return rows[0]?.n ?? 0;
}

test("indexes what Connect wrote, grouped by cause, with counters that equal the rows", async () => {
  const topic = uniqueName("dlq-index");
  await kafka.createTopic(topic, 2);
  await kafka.produce(
    topic,
    Array.from({ length: 30 }, (_item, index) => ({
      partition: index % 2,
      key: JSON.stringify({ id: index % 10 }),
      value: "not json",
      headers: errorHeaders({
        offset: index,
        message: index < 20 ? "Unknown magic byte!" : `value too long for type character varying(${index})`,
      }),
    })),
  );
  const id = await watchTopic(topic);

  await indexUntil(id, 30);

  const { rows } = await stack.deps.pool.query(
    `select g.cause, g.records::int, g.open::int, g.keys::int, g.table_name, count(*)::int as rows
       from dead_letter_groups g join dead_letters d on d.group_id = g.id where d.topic_id = $1
      group by g.id order by g.cause`,
    [id],
  );
  expect(rows).toEqual([
    { cause: "bad-bytes", records: 20, open: 20, keys: 10, table_name: "public.orders", rows: 20 },
    { cause: "too-long", records: 10, open: 10, keys: 10, table_name: "public.orders", rows: 10 },
  ]);
  const { rows: one } = await stack.deps.pool.query(
    "select key_text, original_topic, status from dead_letters where topic_id = $1 and original_offset = 7",
    [id],
  );
  expect(one).toEqual([{ key_text: "id=7", original_topic: "shop.public.orders", status: "PENDING" }]);
});

test("poison of every kind becomes a row and stops nothing", async () => {
  const topic = uniqueName("dlq-poison");
  await kafka.createTopic(topic, 1, { "max.message.bytes": "8000000" });
  const script = "<script>alert(1)</script>";
  await kafka.produce(topic, [
    { key: null, value: null, headers: errorHeaders() },
    {
      key: Buffer.from([0, 0, 0, 99, 99, 1, 2, 3]),
      value: Buffer.from([0xff, 0x00, 0xfe]),
      headers: errorHeaders(),
    },
    { key: "no headers", value: "x" },
    {
      key: `\u0000${script}\u0000`,
      value: script,
      headers: errorHeaders({ message: `${script}\u0000'"\t\n\\N` }),
    },
    {
      key: "doubled",
      value: "x",
      headers: Object.fromEntries(
        Object.entries(errorHeaders()).map(([name, value]) => [name, [String(value), String(value)]]),
      ),
    },
    {
      key: "long trace",
      value: "x",
      headers: errorHeaders({ trace: `a.B: x\n${"\tat a.B.c(B.java:1)\n".repeat(50_000)}` }),
    },
    {
      key: "last",
      value: Buffer.alloc(5_000_000, 1),
      headers: errorHeaders({ message: "value of megabytes" }),
    },
    { key: "skewed", value: "x", timestamp: String(Date.now() + 1_800_000), headers: errorHeaders() },
  ]);
  const id = await watchTopic(topic);

  await indexUntil(id, 8);

  const { rows } = await stack.deps.pool.query<{
    key_text: string | null;
    attempts: number;
    value_size: number;
    failed_at: Date;
    message: string;
    stage: string;
  }>(
    `select d.key_text, d.attempts, d.value_size, d.failed_at, g.message, g.stage from dead_letters d join dead_letter_groups g on g.id = d.group_id
      where topic_id = $1 order by "offset"`,
    [id],
  );
  expect(rows.map((row) => row.key_text)).toEqual([
    null,
    "\\x00000063630102" + "03",
    "no headers",
    expect.stringContaining("\\x00"),
    "doubled",
    "long trace",
    "last",
    "skewed",
  ]);
  expect(rows[2]).toMatchObject({ stage: "UNKNOWN" });
  expect(rows[4]?.attempts).toBe(1);
  expect(rows[6]?.value_size).toBe(5_000_000);
  expect(rows[7]?.failed_at.getTime()).toBeLessThanOrEqual(Date.now());
});

test("records that retention took before they were indexed are counted as lost", async () => {
  const topic = uniqueName("dlq-truncated");
  await kafka.createTopic(topic);
  const letters = (from: number, count: number) =>
    Array.from({ length: count }, (_item, index) => ({
      key: `k${from + index}`,
      value: "x",
      headers: errorHeaders({ offset: from + index }),
    }));
  await kafka.produce(topic, letters(0, 10));
  const id = await watchTopic(topic);
  await indexUntil(id, 10);
  await kafka.produce(topic, letters(10, 10));
  // kafkajs deletes only where it has asked for offsets before.
  await kafka.admin.fetchTopicOffsets(topic);
  await kafka.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "15" }] });

  await indexUntil(id, 15);

  const { rows } = await stack.deps.pool.query(
    "select incarnation, next_offset::int, lost::int from dead_letter_positions where topic_id = $1",
    [id],
  );
  expect(rows).toEqual([{ incarnation: 1, next_offset: 20, lost: 5 }]);
});

test("a topic that was deleted and made again under its name is another topic", async () => {
  const topic = uniqueName("dlq-again");
  const letters = (text: string, count: number) =>
    Array.from({ length: count }, (_item, index) => ({
      key: `${text}${index}`,
      value: "x",
      headers: errorHeaders(),
    }));
  await kafka.createTopic(topic);
  await kafka.produce(topic, letters("old", 5));
  const id = await watchTopic(topic);
  await indexUntil(id, 5);
  await kafka.deleteTopic(topic);
  await expect.poll(() => kafka.admin.listTopics()).not.toContain(topic);
  await kafka.createTopic(topic);
  await kafka.produce(topic, letters("new", 8));

  await indexUntil(id, 13);

  const { rows } = await stack.deps.pool.query(
    "select incarnation, count(*)::int as n from dead_letters where topic_id = $1 group by 1 order by 1",
    [id],
  );
  expect(rows).toEqual([
    { incarnation: 1, n: 5 },
    { incarnation: 2, n: 8 },
  ]);
});

test("a long backlog of one topic does not hold up another", async () => {
  const [long, short] = [uniqueName("dlq-a-long"), uniqueName("dlq-z-short")];
  await kafka.createTopic(long);
  await kafka.createTopic(short);
  for (let round = 0; round < 10; round += 1)
    await kafka.produce(
      long,
      Array.from({ length: 400 }, () => ({ key: "k", value: "x".repeat(1_000), headers: errorHeaders() })),
    );
  await kafka.produce(short, [{ key: "k", value: "x", headers: errorHeaders() }]);
  await watchTopic(long);
  const id = await watchTopic(short);
  const indexer = anIndexer();
  for (let step = 0; step < 3; step += 1) await indexer.step();
  await indexer.close();

  expect(await countOf(id)).toBe(1);
});

test("two workers on one topic write every record once", async () => {
  const topic = uniqueName("dlq-two");
  await kafka.createTopic(topic);
  const id = await watchTopic(topic);
  const workers = [anIndexer(), anIndexer()];
  const stop = new AbortController();
  const running = workers.map((worker) => worker.run(stop.signal));
  for (let round = 0; round < 5; round += 1)
    await kafka.produce(
      topic,
      Array.from({ length: 200 }, (_item, index) => ({
        key: `${round}/${index}`,
        value: "x",
        headers: errorHeaders(),
      })),
    );

  await expect.poll(() => countOf(id), { timeout: 20_000 }).toBe(1_000);

  stop.abort();
  await Promise.all(running);
  await Promise.all(workers.map((worker) => worker.close()));
});
