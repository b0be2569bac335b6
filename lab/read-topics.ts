import kafkajs from "kafkajs";
import { registerCodecs } from "#server/kafka/codecs.ts";
import type { Endpoints } from "./endpoints.ts";

/** Every record of every topic, internal ones included, up to where they ended when this began: for tests that search all of it. */
export async function readAllTopics(
  { kafka: { brokers } }: Endpoints,
  visit: (topic: string, bytes: Buffer) => void,
): Promise<{ topics: number; records: number }> {
  registerCodecs();
  const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => topic !== "__consumer_offsets");
  const ends = new Map<string, number>();
  for (const topic of topics) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) ends.set(`${topic}/${partition}`, Number(high));
    }
  }
  await admin.disconnect();
  const consumer = kafka.consumer({ groupId: `search-${process.pid}-${Date.now()}`, maxWaitTimeInMs: 200 });
  let records = 0;
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await new Promise<void>((done, failed) => {
    if (ends.size === 0) done();
    consumer.on("consumer.crash", ({ payload }) => failed(payload.error));
    consumer
      .run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          for (const { key, value, headers } of batch.messages) {
            records += 1;
            for (const part of [key, value, ...Object.values(headers ?? {}).flat()]) {
              if (part) visit(batch.topic, Buffer.from(part));
            }
          }
          const place = `${batch.topic}/${batch.partition}`;
          const end = ends.get(place);
          // A transaction marker or a compacted tail takes offsets without giving records.
          if (end !== undefined && Number(batch.lastOffset()) >= end - 1) ends.delete(place);
          if (ends.size === 0) done();
        },
      })
      .catch(failed);
  }).finally(() => consumer.disconnect());
  return { topics: topics.length, records };
}
