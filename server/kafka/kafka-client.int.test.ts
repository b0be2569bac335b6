import kafkajs from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AppError } from "#domain/errors/app-error.ts";
import { createLog } from "#server/log.ts";
import { readLabFile, uniqueName } from "#server/testing/stack.ts";
import { createTopic } from "./create-topic.ts";
import { createKafkaClient, type KafkaClient } from "./kafka-client.ts";

const { CompressionTypes, Kafka, logLevel, Partitioners } = kafkajs;
const { brokers } = readLabFile<{ kafka: { brokers: string[] } }>("endpoints.json").kafka;
const log = createLog("fatal", "test");
const topic = uniqueName("it-kafka");
const group = uniqueName("it-group");
const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
let client: KafkaClient;

beforeAll(async () => {
  client = createKafkaClient({ cluster: "lab", brokers, tls: false, log });
  const admin = kafka.admin();
  await admin.connect();
  await createTopic(admin, { name: topic, partitions: 2, replicationFactor: 1, settings: {} });
  await admin.disconnect();
  const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  for (const [name, compression] of COMPRESSIONS) {
    await producer.send({
      topic,
      compression,
      messages: [1, 2].map((n) => ({ partition: 0, key: `${name}-${n}`, value: `${name} ${n} `.repeat(50) })),
    });
  }
  await producer.send({ topic, messages: [{ partition: 1, key: "gone", value: null }] });
  await producer.disconnect();
});

afterAll(async () => {
  await client.close();
  const admin = kafka.admin();
  await admin.connect();
  await admin.deleteTopics({ topics: [topic] });
  await admin.deleteGroups([group]).catch(() => undefined);
  await admin.disconnect();
});

const COMPRESSIONS = [
  ["none", CompressionTypes.None],
  ["gzip", CompressionTypes.GZIP],
  ["snappy", CompressionTypes.Snappy],
  ["lz4", CompressionTypes.LZ4],
  ["zstd", CompressionTypes.ZSTD],
] as const;

test("end and begin offsets of many topics; one that does not exist is missing", async () => {
  const { offsets, silent } = await client.endOffsets([topic, "it-kafka-not-there"]);
  const begins = await client.beginOffsets([topic]);

  expect(offsets).toEqual(
    new Map([
      [
        topic,
        new Map([
          [0, 10],
          [1, 1],
        ]),
      ],
    ]),
  );
  expect(begins.offsets.get(topic)?.get(0)).toBe(0);
  expect(silent).toEqual([]);
});

test.each(COMPRESSIONS.map(([name], index) => [name, index * 2 + 1] as const))(
  "one record out of a batch compressed with %s",
  async (name, offset) => {
    const record = await client.readAt({ topic, partition: 0, offset });

    expect(record?.key?.toString()).toBe(`${name}-2`);
    expect(record?.value?.toString()).toBe(`${name} 2 `.repeat(50));
  },
);

test("a tombstone keeps its null, an offset beyond the end brings nothing", async () => {
  const tombstone = await client.readAt({ topic, partition: 1, offset: 0 });
  const nothing = await client.readAt({ topic, partition: 1, offset: 5 });

  expect(tombstone).toMatchObject({ value: null, offset: 0 });
  expect(nothing).toBeUndefined();
});

test("several positions at once, however little may be read of each", async () => {
  const records = await client.readFrom(
    [
      { topic, partition: 0, offset: 9 },
      { topic, partition: 1, offset: 0 },
    ],
    1,
  );

  expect(records.map(({ partition, offset }) => [partition, offset]).sort()).toEqual([
    [0, 9],
    [1, 0],
  ]);
});

test("what a group committed; a group that does not exist has committed nothing", async () => {
  const admin = kafka.admin();
  await admin.connect();
  await admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 0, offset: "4" }] });
  await admin.disconnect();

  expect(await client.committedOffsets(group, [topic])).toEqual(new Map([[topic, new Map([[0, 4]])]]));
  expect(await client.committedOffsets(uniqueName("it-none"), [topic])).toEqual(new Map());
});

test("a broker that does not answer is named by its address, within the deadline", async () => {
  const dead = createKafkaClient({ cluster: "lab", brokers: ["127.0.0.1:9"], tls: false, log });

  const failure = (await dead.topics().catch((error: unknown) => error)) as AppError;

  expect(failure).toMatchObject({ code: "upstream_unavailable", retryable: true, upstream: "Kafka" });
  expect(failure.message).toBe("Kafka of lab did not answer at 127.0.0.1:9");
  await dead.close();
});

test("one dead address among the brokers does not matter", async () => {
  const half = createKafkaClient({ cluster: "lab", brokers: ["127.0.0.1:9", ...brokers], tls: false, log });

  expect(await half.topics()).toContain(topic);
  await half.close();
});
