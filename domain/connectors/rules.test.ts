import { describe, expect, test } from "vitest";
import { JDBC_SINK_CLASS, POSTGRES_SOURCE_CLASS } from "./effects.ts";
import type { RuleContext } from "./rule.ts";
import { ruleFindings } from "./rules.ts";
import type { ConnectorConfig } from "./schema.ts";

const source: ConnectorConfig = {
  "connector.class": POSTGRES_SOURCE_CLASS,
  "plugin.name": "pgoutput",
  "topic.prefix": "shop",
  "database.hostname": "db",
  "database.port": "5432",
  "database.dbname": "shop",
  "slot.name": "headgate_shop",
  "publication.name": "headgate_shop",
  "publication.autocreate.mode": "filtered",
  "table.include.list": "public.orders",
};
const sink: ConnectorConfig = {
  "connector.class": JDBC_SINK_CLASS,
  topics: "shop.public.orders",
  "insert.mode": "upsert",
  "primary.key.mode": "record_key",
  "delete.enabled": "true",
  "errors.tolerance": "all",
  "errors.deadletterqueue.topic.name": "dlq-warehouse",
  "errors.deadletterqueue.topic.replication.factor": "1",
  "errors.deadletterqueue.context.headers.enable": "true",
};
const context: RuleContext = {
  name: "mine",
  cluster: "main",
  exists: false,
  others: [],
  topics: new Set(["shop.public.orders"]),
  brokers: 1,
  plannedTopics: [],
};
const beside = (config: ConnectorConfig, name = "theirs", cluster = "main") => ({
  others: [{ cluster, name, config }],
});

describe("a sound configuration", () => {
  test.each([
    ["source", source],
    ["sink", sink],
  ])("of a %s has no findings", (_case, config) => {
    expect(ruleFindings(config, context)).toEqual([]);
  });
});

const other: ConnectorConfig = { ...source, "topic.prefix": "t", "slot.name": "s", "publication.name": "p" };

test.each<
  [string, ConnectorConfig, ConnectorConfig, Partial<RuleContext>, string, "error" | "warning", RegExp]
>([
  ["a taken name", source, {}, beside({}, "mine"), "name", "error", /already has a connector mine/],
  ["a name taken elsewhere", source, {}, beside({}, "mine", "dr"), "name", "warning", /dr has a connector/],
  ["a name with a slash", source, {}, { name: "a/b" }, "name", "error", /Letters, digits/],
  ["no tasks", source, { "tasks.max": "0" }, {}, "tasks.max", "error", /at least 1/],
  ["tasks as text", source, { "tasks.max": "two" }, {}, "tasks.max", "error", /whole number/],
  ["many tasks on one log", source, { "tasks.max": "4" }, {}, "tasks.max", "warning", /one task/],
  [
    "a table without its schema",
    source,
    { "table.include.list": "public.a, orders" },
    {},
    "table.include.list",
    "error",
    /orders is not/,
  ],
  [
    "include and exclude",
    source,
    { "table.exclude.list": "public.b" },
    {},
    "table.exclude.list",
    "error",
    /not both/,
  ],
  [
    "a queue of another size",
    source,
    { "max.batch.size": "1000", "max.queue.size": "5000" },
    {},
    "max.queue.size",
    "warning",
    /4000 for a batch of 1000/,
  ],
  [
    "a batch that leaves the default queue behind",
    source,
    { "max.batch.size": "4096" },
    {},
    "max.batch.size",
    "warning",
    /16384/,
  ],
  [
    "a queue smaller than the batch",
    source,
    { "max.queue.size": "2048" },
    {},
    "max.queue.size",
    "error",
    /larger/,
  ],
  [
    "a decoding plugin that needs an extension",
    source,
    { "plugin.name": "decoderbufs" },
    {},
    "plugin.name",
    "warning",
    /pgoutput/,
  ],
  [
    "a taken slot",
    source,
    {},
    beside({ ...other, "slot.name": "headgate_shop" }),
    "slot.name",
    "error",
    /theirs uses the slot/,
  ],
  [
    "a slot name PostgreSQL refuses",
    source,
    { "slot.name": "My-Slot" },
    {},
    "slot.name",
    "error",
    /Lower-case/,
  ],
  [
    "a publication two would rewrite",
    source,
    {},
    beside({ ...other, "publication.name": "headgate_shop" }),
    "publication.name",
    "error",
    /rewrite/,
  ],
  [
    "a shared publication",
    source,
    { "publication.autocreate.mode": "disabled" },
    beside({ ...other, "publication.name": "headgate_shop" }),
    "publication.name",
    "warning",
    /concerns both/,
  ],
  [
    "a taken prefix",
    source,
    {},
    beside({ ...other, "topic.prefix": "shop", "database.hostname": "x" }),
    "topic.prefix",
    "error",
    /writes under shop/,
  ],
  ["no prefix", source, { "topic.prefix": "" }, {}, "topic.prefix", "error", /Give the prefix/],
  [
    "a topic nobody writes",
    sink,
    { topics: "shop.public.orders,nobody" },
    {},
    "topics",
    "error",
    /nobody does not exist/,
  ],
  ["no topics", sink, { topics: "" }, {}, "topics", "error", /Name the topics/],
  ["topics and a pattern", sink, { "topics.regex": "x.*" }, {}, "topics.regex", "error", /not both/],
  [
    "upsert without a key",
    sink,
    { "primary.key.mode": "none", "delete.enabled": "false" },
    {},
    "primary.key.mode",
    "error",
    /record_key/,
  ],
  [
    "upsert by value without columns",
    sink,
    { "primary.key.mode": "record_value", "delete.enabled": "false" },
    {},
    "primary.key.fields",
    "error",
    /columns of the key/,
  ],
  [
    "deletes without the record's key",
    sink,
    { "primary.key.mode": "record_value", "primary.key.fields": "id" },
    {},
    "primary.key.mode",
    "error",
    /record_key/,
  ],
  [
    "tolerance without a dead-letter topic",
    sink,
    { "errors.deadletterqueue.topic.name": "" },
    {},
    "errors.deadletterqueue.topic.name",
    "error",
    /vanish/,
  ],
  [
    "a sink that reads its dead letters",
    sink,
    { "errors.deadletterqueue.topic.name": "shop.public.orders" },
    {},
    "errors.deadletterqueue.topic.name",
    "error",
    /own dead letters/,
  ],
  [
    "dead letters without headers",
    sink,
    { "errors.deadletterqueue.context.headers.enable": "false" },
    {},
    "errors.deadletterqueue.context.headers.enable",
    "warning",
    /why/,
  ],
  [
    "more replicas than brokers",
    sink,
    { "errors.deadletterqueue.topic.replication.factor": "3" },
    {},
    "errors.deadletterqueue.topic.replication.factor",
    "error",
    /cluster has 1/,
  ],
  [
    "topics with more replicas than brokers",
    source,
    { "topic.creation.default.replication.factor": "3" },
    {},
    "topic.creation.default.replication.factor",
    "error",
    /cluster has 1/,
  ],
  [
    "JSON without schemas",
    sink,
    {
      "value.converter": "org.apache.kafka.connect.json.JsonConverter",
      "value.converter.schemas.enable": "false",
    },
    {},
    "value.converter.schemas.enable",
    "error",
    /needs schemas/,
  ],
])("%s", (_case, base, changes, facts, path, severity, message) => {
  const findings = ruleFindings({ ...base, ...changes }, { ...context, ...facts });

  expect(findings).toEqual([{ path, severity, source: "rule", message: expect.stringMatching(message) }]);
});

test.each([
  ["a known source will write it", beside(other, "src")],
  ["the plan creates it", { plannedTopics: ["t.public.orders"] }],
  ["Kafka could not be asked", { topics: undefined }],
])("a missing topic is fine when %s", (_case, facts) => {
  expect(ruleFindings({ ...sink, topics: "t.public.orders" }, { ...context, ...facts })).toEqual([]);
});

test("the default replication factor of dead letters counts when none is set", () => {
  const { "errors.deadletterqueue.topic.replication.factor": _unset, ...rest } = sink;

  expect(ruleFindings(rest, context)).toMatchObject([
    { path: "errors.deadletterqueue.topic.replication.factor" },
  ]);
});

test("the Confluent sink's words are understood", () => {
  const confluent = {
    ...sink,
    "connector.class": "io.confluent.connect.jdbc.JdbcSinkConnector",
    "pk.mode": "record_value",
  };

  expect(ruleFindings(confluent, context).map((finding) => finding.path)).toEqual(["pk.fields", "pk.mode"]);
});

test("several problems come at once", () => {
  const findings = ruleFindings(
    { ...source, "tasks.max": "0", "table.include.list": "a,b", "topic.prefix": "" },
    context,
  );

  expect(findings.map((finding) => finding.path)).toEqual([
    "tasks.max",
    "table.include.list",
    "table.include.list",
    "topic.prefix",
  ]);
});
