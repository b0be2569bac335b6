import { type IHeaders, Kafka, logLevel, type Message, type Producer } from "kafkajs";
import { createTopic } from "#server/kafka/create-topic.ts";
import { deleteTopic } from "#server/kafka/delete-topic.ts";
import { readLabFile } from "./stack.ts";

/** Kafka of the lab, or another one, for tests: topics made here are removed by `stop`. */
export async function startTestKafka(
  brokers = readLabFile<{ kafka: { brokers: string[] } }>("endpoints.json").kafka.brokers,
) {
  const kafka = new Kafka({ brokers, logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  const producer: Producer = kafka.producer();
  await Promise.all([admin.connect(), producer.connect()]);
  const made = new Set<string>();
  return {
    admin,
    brokers,
    async createTopic(topic: string, partitions = 1, settings: Record<string, string> = {}) {
      made.add(topic);
      await createTopic(admin, { name: topic, partitions, replicationFactor: 1, settings });
    },
    async deleteTopic(topic: string) {
      await admin.deleteTopics({ topics: [topic] });
    },
    async produce(topic: string, messages: Message[]) {
      await producer.send({ topic, messages });
    },
    async stop() {
      for (const topic of made) await deleteTopic(admin, topic);
      await Promise.all([admin.disconnect(), producer.disconnect()]);
    },
  };
}
export type TestKafka = Awaited<ReturnType<typeof startTestKafka>>;

interface ErrorFacts {
  topic?: string;
  partition?: number;
  offset?: number;
  connector?: string;
  stage?: string;
  exception?: string;
  message?: string;
  trace?: string;
}

/** Error headers as Kafka Connect 4.3 writes them. */
export function errorHeaders({
  topic = "shop.public.orders",
  partition = 0,
  offset = 0,
  connector = "warehouse-sink",
  stage = "VALUE_CONVERTER",
  exception = "org.apache.kafka.connect.errors.DataException",
  message = "Unknown magic byte!",
  trace = `${exception}: ${message}\n\tat org.apache.kafka.connect.json.JsonConverter.toConnectData(JsonConverter.java:300)\n`,
}: ErrorFacts = {}): IHeaders {
  return {
    "__connect.errors.topic": topic,
    "__connect.errors.partition": String(partition),
    "__connect.errors.offset": String(offset),
    "__connect.errors.connector.name": connector,
    "__connect.errors.task.id": "0",
    "__connect.errors.stage": stage,
    "__connect.errors.class.name": "org.apache.kafka.connect.json.JsonConverter",
    "__connect.errors.exception.class.name": exception,
    "__connect.errors.exception.message": message,
    "__connect.errors.exception.stacktrace": trace,
  };
}
