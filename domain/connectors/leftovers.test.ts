import { expect, test } from "vitest";
import { JDBC_SINK_CLASS, POSTGRES_SOURCE_CLASS } from "./effects.ts";
import { leftoversOf } from "./leftovers.ts";

const source = {
  "connector.class": POSTGRES_SOURCE_CLASS,
  "topic.prefix": "shop",
  "database.hostname": "db",
  "database.port": "5432",
  "slot.name": "headgate_shop",
  "publication.name": "it's",
  "table.include.list": "public.orders",
  "signal.enabled.channels": "kafka",
  "signal.kafka.topic": "shop-signal",
  "notification.enabled.channels": "sink",
  "notification.sink.topic.name": "shop-notification",
  "heartbeat.interval.ms": "1000",
};
const sink = {
  "connector.class": JDBC_SINK_CLASS,
  topics: "shop.public.orders",
  "errors.deadletterqueue.topic.name": "dlq-warehouse",
};

test("a source leaves its position, slot, publication and every topic it wrote", () => {
  const left = leftoversOf(source, {
    name: "shop",
    others: [],
    usedTopics: ["shop.public.orders", "shop.message", "shop-notification"],
  });

  expect(left.map((item) => item.id)).toEqual([
    "offsets:shop",
    "slot:headgate_shop",
    "publication:it's",
    "signal-topic:shop-signal",
    "notification-topic:shop-notification",
    "heartbeat-topic:__debezium-heartbeat.shop",
    "topic:shop.message",
    "topic:shop.public.orders",
  ]);
  expect(left.filter((item) => item.removeByDefault).map((item) => item.kind)).toEqual(["offsets", "slot"]);
});

test("statements quote what they name", () => {
  const left = leftoversOf(source, { name: "shop", others: [], usedTopics: [] });

  expect(left.flatMap((item) => item.statement ?? [])).toEqual([
    "select pg_drop_replication_slot('headgate_shop');",
    `drop publication "it's";`,
  ]);
});

test("a topic that a sink still reads says so", () => {
  const left = leftoversOf(source, {
    name: "shop",
    others: [{ name: "warehouse", config: sink }],
    usedTopics: [],
  });

  expect(left.find((item) => item.id === "topic:shop.public.orders")?.neededBy).toEqual(["warehouse"]);
});

test("a publication shared with another source says so", () => {
  const other = { ...source, "slot.name": "other" };
  const left = leftoversOf(source, {
    name: "shop",
    others: [{ name: "shop2", config: other }],
    usedTopics: [],
  });

  expect(left.filter((item) => item.neededBy.length > 0).map((item) => item.kind)).toContain("publication");
});

test("a sink leaves its consumer group and dead letters", () => {
  expect(leftoversOf(sink, { name: "warehouse", others: [], usedTopics: [] }).map((item) => item.id)).toEqual(
    ["consumer-group:connect-warehouse", "dead-letter-topic:dlq-warehouse"],
  );
});
