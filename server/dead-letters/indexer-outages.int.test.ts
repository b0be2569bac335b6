import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { createRegistryClient } from "#server/schema-registry/client.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { getRecord, revealRecord } from "./get-record.ts";
import { createIndexer } from "./indexer.ts";
import { listRecords } from "./list-records.ts";

let stack: Stack;
let kafka: TestKafka;
let silent: Server;
const engineer = an("engineer", "ada");

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  // Takes calls and never answers.
  silent = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
  await once(silent, "listening");
});

afterAll(async () => {
  silent.close();
  await kafka.stop();
  await stack.stop();
});

async function watchTopic(topic: string): Promise<number> {
  const { rows } = await stack.deps.pool.query<{ id: number }>(
    "insert into dead_letter_topics (cluster, topic, found_by, found_at) values ('lab', $1, 'hand', now()) returning id",
    [topic],
  );
  return rows[0]?.id ?? 0;
}

function anIndexer(registryUrl: string) {
  return createIndexer({
    cluster: "lab",
    pool: stack.deps.pool,
    reader: createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false }),
    registry: createRegistryClient({ cluster: "lab", baseUrl: registryUrl, timeoutMs: 1_000 }),
    log: stack.deps.log,
    now: stack.deps.now,
    waitMs: 100,
  });
}

async function countOf(topicId: number): Promise<number> {
  const { rows } = await stack.deps.pool.query<{ n: number }>(
    "select count(*)::int as n from dead_letters where topic_id = $1",
    [topicId],
  );
  return rows[0]?.n ?? 0;
}

const framed = (id: number, text: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, id]), Buffer.from(text)]);

test.each(["dead", "silent"])("a registry that is %s holds up no record", async (kind) => {
  const address = silent.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  const topic = uniqueName("dlq-registry");
  await kafka.createTopic(topic);
  await kafka.produce(
    topic,
    Array.from({ length: 40 }, (_item, index) => ({
      key: framed(index, `key ${index}`),
      value: framed(index, `value ${index}`),
      headers: errorHeaders({ offset: index }),
    })),
  );
  const id = await watchTopic(topic);
  const indexer = anIndexer(`http://127.0.0.1:${kind === "dead" ? 1 : address.port}`);
  const begun = performance.now();
  try {
    await expect
      .poll(
        async () => {
          await indexer.step();
          return await countOf(id);
        },
        { timeout: 30_000, interval: 0 },
      )
      .toBe(40);
  } finally {
    await indexer.close();
  }

  expect(performance.now() - begun).toBeLessThan(10_000);
});

test("a schema that the registry does not know is said with the record, raw bytes and all", async () => {
  const topic = uniqueName("dlq-unknown");
  await kafka.createTopic(topic);
  const bytes = Buffer.concat([Buffer.from([0, 0x7f, 0xff, 0xff, 0xfe]), Buffer.from("x")]);
  await kafka.produce(topic, [
    {
      key: bytes,
      value: bytes,
      headers: errorHeaders({
        exception: "org.apache.kafka.common.errors.SerializationException",
        message: "Error retrieving Avro value schema for id 2147483646",
      }),
    },
  ]);
  await indexTopic(stack, kafka, topic, 1);
  const { rows } = await listRecords(stack.deps, engineer, {
    filter: "cause:unknown-schema",
    sort: "",
    page: 1,
    pageSize: 5,
  });
  const [row] = rows;
  if (!row) throw new Error("it is not in its group");

  expect((await getRecord(stack.deps, engineer, row)).key).toContain("\\x");
  const shown = await revealRecord(stack.deps, engineer, row);
  expect(shown.value).toMatchObject({ format: "hex", problem: expect.any(String) });
  expect(shown.rawValueBase64).toBe(bytes.toString("base64"));
});

test("a topic is truncated, then deleted and made again, under a worker that indexes it all the while", async () => {
  const topic = uniqueName("dlq-moving");
  await kafka.createTopic(topic);
  const id = await watchTopic(topic);
  const letters = (text: string, count: number) =>
    Array.from({ length: count }, (_item, index) => ({
      key: `${text}${index}`,
      value: "x",
      headers: errorHeaders(),
    }));
  let clock = 0;
  const indexer = createIndexer({
    cluster: "lab",
    pool: stack.deps.pool,
    reader: createPartitionReader({ cluster: "lab", brokers: kafka.brokers, tls: false }),
    registry: undefined,
    log: stack.deps.log,
    // What the worker looks at only every half minute it looks at with each step here.
    now: () => {
      clock += 31_000;
      return new Date(Date.now() + clock);
    },
    waitMs: 50,
  });
  const until = (wanted: number) =>
    expect
      .poll(
        async () => {
          await indexer.step().catch(() => undefined);
          return await countOf(id);
        },
        { timeout: 30_000, interval: 10 },
      )
      .toBe(wanted);
  try {
    await kafka.produce(topic, letters("first", 10));
    await until(10);
    await kafka.admin.fetchTopicOffsets(topic);
    await kafka.admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "10" }] });
    await kafka.produce(topic, letters("second", 5));
    await until(15);
    await kafka.deleteTopic(topic);
    await expect.poll(() => kafka.admin.listTopics()).not.toContain(topic);
    await kafka.createTopic(topic);
    await kafka.produce(topic, letters("third", 7));
    await stack.deps.pool.query(
      "update dead_letter_topics set gone_at = null, problem = null where id = $1",
      [id],
    );
    await until(22);
  } finally {
    await indexer.close();
  }

  const { rows } = await stack.deps.pool.query(
    "select incarnation, count(*)::int as n from dead_letters where topic_id = $1 group by 1 order by 1",
    [id],
  );
  expect(rows).toEqual([
    { incarnation: 1, n: 15 },
    { incarnation: 2, n: 7 },
  ]);
});
