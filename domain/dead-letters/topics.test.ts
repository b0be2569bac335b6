import { expect, test } from "vitest";
import { isInternalTopic, topicState } from "./topics.ts";

const facts = { excluded: false, gone: false, problem: null, partitions: 1, lag: 0 };

test.each([
  [{}, "indexed"],
  [{ lag: 3 }, "behind"],
  [{ partitions: 0 }, "waiting"],
  [{ problem: "not authorised", lag: 3 }, "unreadable"],
  [{ gone: true, problem: "Kafka no longer has this topic" }, "gone"],
  [{ excluded: true, gone: true }, "excluded"],
])("%j is %s", (over, state) => {
  expect(topicState({ ...facts, ...over })).toBe(state);
});

test.each([
  ["__consumer_offsets", true],
  ["connect-configs", true],
  ["connect-orders-dlq", false],
  ["dlq-orders", false],
])("%s is internal: %s", (topic, expected) => {
  expect(isInternalTopic(topic)).toBe(expected);
});
