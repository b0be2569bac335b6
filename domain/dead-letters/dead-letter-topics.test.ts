import { expect, test } from "vitest";
import { deadLetterTopicOf, isNamedLikeDeadLetters } from "./dead-letter-topics.ts";

test.each(["dlq-warehouse", "dlq.orders", "warehouse-dlq", "orders.dead-letters", "DLQ_x", "orders.DLT"])(
  "%s is named like dead letters",
  (topic) => {
    expect(isNamedLikeDeadLetters(topic)).toBe(true);
  },
);

test.each(["shop.public.orders", "dlqs", "mydlqtopic", "adlt"])("%s is not", (topic) => {
  expect(isNamedLikeDeadLetters(topic)).toBe(false);
});

test("a sink without a dead-letter topic has none", () => {
  expect(deadLetterTopicOf({ "errors.deadletterqueue.topic.name": " " })).toBeUndefined();
  expect(deadLetterTopicOf({ "errors.deadletterqueue.topic.name": "dlq-x" })).toBe("dlq-x");
});
