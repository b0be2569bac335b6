import { afterAll, expect, test } from "vitest";
import { startTestKafka } from "#server/testing/dead-letters.ts";
import { uniqueName } from "#server/testing/stack.ts";
import { createTopicAdmin } from "./topic-admin.ts";

const kafka = await startTestKafka();
const topics = createTopicAdmin({ cluster: "lab", brokers: kafka.brokers, tls: false });

afterAll(() => kafka.stop());

test("two who delete one topic at the same time both find it gone", async () => {
  const topic = uniqueName("deleted-twice");
  await kafka.createTopic(topic);
  const wereThere = await Promise.all(Array.from({ length: 4 }, () => topics.remove(topic)));
  expect(wereThere.filter(Boolean)).toHaveLength(1);
  expect(await topics.list()).not.toContain(topic);
});

test("a topic that never was is not deleted", async () => {
  expect(await topics.remove(uniqueName("never-there"))).toBe(false);
});
