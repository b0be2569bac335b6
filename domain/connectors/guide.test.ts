import { describe, expect, test } from "vitest";
import type { ClusterFacts, DatabaseConnection } from "./database-connection.ts";
import { buildJdbcSink, defaultJdbcSink } from "./jdbc-sink.ts";
import { plannedTopics, topicDifferences } from "./planned-topics.ts";
import { policyFindings } from "./policy-gate.ts";
import { buildPostgresSource, defaultPostgresSource } from "./postgres-source.ts";
import { namedTopics } from "./produced-topics.ts";
import { ruleFindings } from "./rules.ts";

const cluster: ClusterFacts = {
  name: "lab",
  brokers: ["a:9092", "b:9092", "c:9092"],
  kafkaTls: false,
  partitions: 3,
  replicationFactor: 3,
  retentionDays: 7,
  deadLetterRetentionDays: 30,
  compression: "lz4",
  overrides: ["max.poll.records"],
};
const database: DatabaseConnection = {
  host: "db",
  port: 5432,
  database: "shop",
  tls: "require",
  userReference: "${vault:secret/connectors/shop:username}",
  passwordReference: "${vault:secret/connectors/shop:password}",
};
const tables = [
  { schema: "public", table: "orders" },
  { schema: "odd.schema", table: "Price List ($)" },
];
const source = buildPostgresSource(
  { ...defaultPostgresSource("shop-source", "shop"), tables },
  database,
  cluster,
);
const sink = buildJdbcSink(
  { ...defaultJdbcSink("warehouse"), topics: ["shop.public.orders"] },
  database,
  cluster,
);
const policy = {
  configProvider: "vault",
  overrides: cluster.overrides,
  fileFolders: [],
  secretPrefixes: ["secret/connectors"],
};

describe("the guide's configurations", () => {
  test.each([
    ["source", "shop-source", source],
    ["sink", "warehouse", sink],
  ])("of a %s passes the gate and the rules without a finding", (_case, name, config) => {
    const context = {
      name,
      cluster: "lab",
      exists: false,
      others: [],
      topics: new Set(["shop.public.orders"]),
      brokers: 3,
      plannedTopics: [],
    };

    expect(policyFindings(config, policy)).toEqual([]);
    expect(ruleFindings(config, context)).toEqual([]);
  });

  test("name exactly the chosen tables, whatever characters they hold", () => {
    const patterns = (source["table.include.list"] ?? "")
      .split(",")
      .map((pattern) => new RegExp(`^${pattern}$`));

    expect(
      patterns.map((pattern) => tables.filter((t) => pattern.test(`${t.schema}.${t.table}`)).length),
    ).toEqual([1, 1]);
    expect(namedTopics(source)).toEqual(["shop.public.orders", "shop.odd.schema.Price_List____"]);
  });

  test("let a written-out key win over what the guide chose", () => {
    const answers = {
      ...defaultPostgresSource("s", "shop"),
      tables,
      extra: { "snapshot.mode": "always", "x.y": " kept " },
    };

    expect(buildPostgresSource(answers, database, cluster)).toMatchObject({
      "snapshot.mode": "always",
      "x.y": " kept ",
    });
  });

  test.each([
    [{ kind: "as-source" }, "${source.schema}.${source.table}"],
    [{ kind: "in-schema", schema: "dwh" }, "dwh.${source.table}"],
    [{ kind: "as-topic" }, "${topic}"],
    [{ kind: "custom", format: "x_${topic}" }, "x_${topic}"],
  ] as const)("turn the naming %j into %s", (naming, expected) => {
    const config = buildJdbcSink({ ...defaultJdbcSink("w"), naming }, database, cluster);

    expect(config["collection.name.format"]).toBe(expected);
  });
});

describe("planned topics", () => {
  test("of a source: data with the cluster's settings, the rest with one partition", () => {
    const topics = plannedTopics(source, cluster);

    expect(topics.map(({ name, purpose, partitions }) => [name, purpose, partitions])).toEqual([
      ["shop.public.orders", "data", 3],
      ["shop.odd.schema.Price_List____", "data", 3],
      ["shop-signal", "signal", 1],
      ["shop-notification", "notification", 1],
      ["__debezium-heartbeat.shop", "heartbeat", 1],
    ]);
    expect(topics[0]?.settings).toEqual({
      "cleanup.policy": "delete",
      "retention.ms": "604800000",
      "compression.type": "lz4",
      "min.insync.replicas": "2",
    });
  });

  test("of a sink: dead letters for 30 days", () => {
    expect(plannedTopics(sink, { ...cluster, replicationFactor: 1 })).toEqual([
      {
        name: "dlq-warehouse",
        purpose: "dead-letter",
        partitions: 1,
        replicationFactor: 1,
        settings: { "cleanup.policy": "delete", "retention.ms": "2592000000", "compression.type": "lz4" },
      },
    ]);
  });

  test("say what an existing topic has otherwise", () => {
    const [planned] = plannedTopics(sink, cluster);
    const existing = {
      partitions: 3,
      replicationFactor: 3,
      settings: { "retention.ms": "1000", "compression.type": "lz4" },
    };

    expect(planned && topicDifferences(planned, existing)).toEqual([
      "3 partitions instead of 1",
      "retention.ms 1000 instead of 2592000000",
    ]);
  });
});
