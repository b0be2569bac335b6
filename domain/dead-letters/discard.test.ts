import { expect, test } from "vitest";
import { type DiscardedTopic, discardConsequences } from "./discard.ts";

const topic: DiscardedTopic = {
  topic: "dlq-a",
  records: 10,
  firstExpiry: new Date("2026-12-01T10:00:00Z"),
  lastExpiry: new Date("2026-12-20T10:00:00Z"),
  gone: 0,
  copies: 0,
};
const texts = (...topics: DiscardedTopic[]) => discardConsequences(10, 1, topics).map(({ text }) => text);

test("it says until when Kafka keeps the bytes", () => {
  expect(texts(topic)).toContainEqual(
    expect.stringMatching(/stay in dlq-a until .*2026-12-01 10:00 and 2026-12-20 10:00 UTC/),
  );
});

test("a topic without a limit keeps them, and what is gone is said", () => {
  const said = texts({ ...topic, firstExpiry: null, lastExpiry: null, gone: 4, copies: 3 });

  expect(said).toContainEqual(
    expect.stringMatching(/bytes of 6 stay in dlq-a, which has no time limit.*bytes of 4 from dlq-a already/),
  );
  expect(said).toContainEqual("3 copies of raw bytes in Headgate are removed at once.");
});

test("many topics are summed up", () => {
  expect(texts(...Array.from({ length: 8 }, () => topic))).toContainEqual(
    expect.stringContaining("3 more topics"),
  );
});
