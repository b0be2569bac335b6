import { expect, test } from "vitest";
import { createTopic } from "./create-topic.ts";

const topic = { name: "orders", partitions: 1, replicationFactor: 1, settings: {} };
const unknown = Object.assign(new Error("This server does not host this topic-partition"), {
  type: "UNKNOWN_TOPIC_OR_PARTITION",
});
const withLeader = (leader: number) => ({
  topics: [
    {
      name: "orders",
      partitions: [{ partitionId: 0, leader, isr: [], replicas: [], partitionErrorCode: 0 }],
    },
  ],
});

/** A broker whose answers about the topic come in this order. */
function brokerThatSays(...answers: (Error | ReturnType<typeof withLeader>)[]) {
  let asked = 0;
  return {
    createTopics: () => Promise.resolve(true),
    fetchTopicMetadata: () => {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? { topics: [] });
    },
    asked: () => asked,
  };
}

test("a broker that does not know the new topic yet, or no leader of it, is asked again", async () => {
  const broker = brokerThatSays(unknown, withLeader(-1), withLeader(1));
  expect(await createTopic(broker, topic)).toBe(true);
  expect(broker.asked()).toBe(3);
});

test("what the broker refuses is not asked again", async () => {
  const refused = Object.assign(new Error("Not authorized"), { type: "TOPIC_AUTHORIZATION_FAILED" });
  const broker = brokerThatSays(refused);
  await expect(createTopic(broker, topic)).rejects.toBe(refused);
  expect(broker.asked()).toBe(1);
});
