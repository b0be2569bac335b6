import { once } from "node:events";
import { Kafka, logLevel } from "kafkajs";
import { registerCodecs } from "#server/kafka/codecs.ts";

/** `node dead-letters-sink.ts <brokers> <group> <topics>`: stands in for a sink, in a process of its own as a sink is. Takes what comes and commits twice a second, until SIGTERM. */
const [brokers = "", groupId = "", topics = ""] = process.argv.slice(2);
registerCodecs();
const kafka = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.NOTHING });
const [consumer, admin] = [kafka.consumer({ groupId }), kafka.admin()];
const stopped = once(process, "SIGTERM");
await consumer.connect();
await consumer.subscribe({ topics: topics.split(",") });
await consumer.run({ autoCommitInterval: 500, eachBatch: () => Promise.resolve() });
await stopped;
await consumer.disconnect();
await admin.connect();
await admin.deleteGroups([groupId]);
await admin.disconnect();
process.exit(0);
