import kafkajs, { Kafka, logLevel, type Message } from "kafkajs";
import { registerCodecs } from "#server/kafka/codecs.ts";
import { createTopic } from "#server/kafka/create-topic.ts";
import { deleteTopic } from "#server/kafka/delete-topic.ts";
import { errorHeaders } from "#server/testing/dead-letters.ts";

const BATCH = 2_000;

export interface Endpoints {
  kafka: { brokers: string[] };
  registry: { url: string };
}

const frames = Array.from(
  { length: 24 },
  (_item, index) =>
    `\tat org.apache.kafka.connect.runtime.Some${index % 7}Class.someMethod${index}(Some${index % 7}Class.java:${100 + index})`,
).join("\n");

export const CAUSES = 40;

/** 40 causes in 8 tables; in half of them every message quotes other data, as real ones do. */
export function letter(index: number, value: Buffer | string): Message {
  const cause = index % CAUSES;
  const table = `t${cause % 8}`;
  const literal = cause < 20 ? `row ${index} has 'value ${index}'` : "the same for every row";
  const exception = `io.example.Failure${"ABCDE"[Math.floor(cause / 8)]}Exception`;
  const message = `Cause ${"abcdefghij"[cause % 10]}${"klmn"[Math.floor(cause / 10)]}: ${literal}`;
  return {
    key: JSON.stringify({ id: index % 500_000 }),
    value,
    headers: errorHeaders({
      topic: `shop.public.${table}`,
      partition: index % 3,
      offset: index,
      connector: "bench-sink",
      stage: "TRANSFORMATION",
      exception,
      message,
      trace: `org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler\n${frames}\nCaused by: ${exception}: ${message}\n${frames}\n\t... 7 more\n`,
    }),
  };
}

export async function produceLetters(
  brokers: string[],
  topic: string,
  count: number,
  message: (index: number) => Message,
  partitions = 1,
): Promise<void> {
  registerCodecs();
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const [admin, producer] = [
    kafka.admin(),
    kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner }),
  ];
  await Promise.all([admin.connect(), producer.connect()]);
  await createTopic(admin, { name: topic, partitions, replicationFactor: 1, settings: {} });
  for (let from = 0; from < count; from += BATCH)
    await producer.send({
      topic,
      compression: kafkajs.CompressionTypes.LZ4,
      acks: 1,
      messages: Array.from({ length: Math.min(BATCH, count - from) }, (_item, index) =>
        message(from + index),
      ),
    });
  await Promise.all([admin.disconnect(), producer.disconnect()]);
}

export async function deleteTopics(brokers: string[], topics: string[]): Promise<void> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  for (const topic of topics) await deleteTopic(admin, topic);
  await admin.disconnect();
}
