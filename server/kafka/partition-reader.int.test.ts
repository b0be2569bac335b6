import { Kafka, logLevel } from "kafkajs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLabFile, uniqueName } from "#server/testing/stack.ts";
import { createTopic } from "./create-topic.ts";
import { createPartitionReader } from "./partition-reader.ts";

const { kafka: lab } = readLabFile<{ kafka: { brokers: string[] } }>("endpoints.json");
const kafka = new Kafka({ brokers: lab.brokers, logLevel: logLevel.NOTHING });
const admin = kafka.admin();
const reader = createPartitionReader({ cluster: "lab", brokers: lab.brokers, tls: false });
const topic = uniqueName("reader");

beforeAll(async () => {
  await admin.connect();
  await createTopic(admin, { name: topic, partitions: 2, replicationFactor: 1, settings: {} });
  const producer = kafka.producer();
  await producer.connect();
  await producer.send({
    topic,
    messages: Array.from({ length: 50 }, (_item, index) => ({
      partition: 1,
      key: `k${index}`,
      value: index === 7 ? null : `v${index}`,
      headers: { h: ["1", "2"] },
    })),
  });
  await producer.disconnect();
});

afterAll(async () => {
  await reader.close();
  await admin.deleteTopics({ topics: [topic] });
  await admin.disconnect();
});

test("says where partitions begin and end", async () => {
  expect(await reader.offsets(topic)).toEqual([
    { partition: 0, start: 0, end: 0 },
    { partition: 1, start: 0, end: 50 },
  ]);
});

test("reads from a position, several partitions in one request", async () => {
  const [empty, full] = (
    await reader.fetch([
      { topic, partition: 0, offset: 0 },
      { topic, partition: 1, offset: 5 },
    ])
  ).sort((a, b) => a.partition - b.partition);

  expect(empty).toMatchObject({ records: [], next: 0, end: 0 });
  expect(full).toMatchObject({ next: 50, end: 50 });
  expect(full?.records).toHaveLength(45);
  expect(full?.records[2]).toMatchObject({ offset: 7, value: null });
  expect(full?.records[0]?.headers().map(([name, value]) => [name, value?.toString()])).toEqual([
    ["h", "1"],
    ["h", "2"],
  ]);
});

test("a position outside of the log and a topic that is not there are told apart", async () => {
  const outside = await reader.fetch([{ topic, partition: 1, offset: 99 }]);
  const absent = await reader.fetch([{ topic: `${topic}-absent`, partition: 0, offset: 0 }]);

  expect(outside[0]).toMatchObject({ problem: "out_of_range", next: 99, start: 0, end: 50 });
  expect(absent[0]).toMatchObject({ problem: "unknown_topic" });
});

test("a broker that does not answer is named as such", async () => {
  const dead = createPartitionReader({ cluster: "lab", brokers: ["127.0.0.1:1"], tls: false });

  await expect(dead.offsets(topic)).rejects.toMatchObject({ code: "upstream_unavailable", retryable: true });
});
