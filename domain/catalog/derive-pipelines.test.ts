import { expect, test } from "vitest";
import { derivePipelines, type SeenConnector } from "./derive-pipelines.ts";

const NOTHING_SEEN = { existing: [], written: {} };

function aSource(config: Record<string, string> = {}): SeenConnector {
  return {
    name: "shop-source",
    type: "source",
    config: {
      "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
      "topic.prefix": "shop",
      "table.include.list": "public.orders,public.customers",
      ...config,
    },
  };
}

function aSink(config: Record<string, string> = {}, name = "warehouse"): SeenConnector {
  return {
    name,
    type: "sink",
    config: {
      "connector.class": "io.debezium.connector.jdbc.JdbcSinkConnector",
      "topics.regex": "shop\\..*",
      "primary.key.mode": "record_key",
      "errors.deadletterqueue.topic.name": "shop.dlq.warehouse",
      ...config,
    },
  };
}

function targetOf(source: SeenConnector, sink: SeenConnector): string | undefined {
  return derivePipelines([source, sink], NOTHING_SEEN)[0]?.tables[0]?.sinks[0]?.target;
}

test("tables named in the configuration are there before their first event", () => {
  const [pipeline] = derivePipelines([aSource(), aSink()], NOTHING_SEEN);

  expect(pipeline).toEqual({
    source: "shop-source",
    engine: "postgresql",
    prefix: "shop",
    tables: [
      {
        name: "public.customers",
        topic: "shop.public.customers",
        sinks: [{ name: "warehouse", target: "shop_public_customers", key: "record_key" }],
      },
      {
        name: "public.orders",
        topic: "shop.public.orders",
        sinks: [{ name: "warehouse", target: "shop_public_orders", key: "record_key" }],
      },
    ],
    sinks: ["warehouse"],
    deadLetterTopics: [{ topic: "shop.dlq.warehouse", sinks: ["warehouse"] }],
  });
});

test.each([
  ["patterns take what exists", { "table.include.list": "public\\.o.*" }, ["public.orders"]],
  [
    "no list takes every table",
    { "table.include.list": "" },
    ["audit.log", "public.customers", "public.orders"],
  ],
  [
    "an exclude list",
    { "table.include.list": "", "table.exclude.list": "public.orders" },
    ["audit.log", "public.customers"],
  ],
  ["whole schemas", { "table.include.list": "", "schema.include.list": "audit" }, ["audit.log"]],
])("%s", (_case, config, tables) => {
  const existing = [
    "shop.public.orders",
    "shop.public.customers",
    "shop.audit.log",
    "shop.message",
    "shop.transaction",
    "shop.dlq.warehouse",
    "shopping.public.orders",
  ];

  const [pipeline] = derivePipelines([aSource(config), aSink()], { existing, written: {} });

  expect(pipeline?.tables.map((table) => table.name)).toEqual(tables);
});

test("SQL Server's topics carry the database, its list does not", () => {
  const source = aSource({
    "connector.class": "io.debezium.connector.sqlserver.SqlServerConnector",
    "table.include.list": "dbo.orders",
  });
  const sink = aSink({ "collection.name.format": "${source.db}_${source.schema}_${source.table}" });

  const [pipeline] = derivePipelines([source, sink], { existing: ["shop.sales.dbo.orders"], written: {} });

  expect(pipeline?.tables).toMatchObject([
    { name: "sales.dbo.orders", sinks: [{ target: "sales_dbo_orders" }] },
  ]);
});

test("a source of any other plugin has the topics Connect saw it write", () => {
  const source: SeenConnector = {
    name: "files",
    type: "source",
    config: { "connector.class": "x.FileSource" },
  };

  const [pipeline] = derivePipelines([source, aSink({ "topics.regex": "", topics: "lines" })], {
    existing: ["lines", "unrelated"],
    written: { files: ["lines"] },
  });

  expect(pipeline?.tables).toMatchObject([
    { name: "lines", sinks: [{ name: "warehouse", target: "lines" }] },
  ]);
});

test("a sink of another prefix does not belong", () => {
  const [pipeline] = derivePipelines([aSource(), aSink({ "topics.regex": "library\\..*" })], NOTHING_SEEN);

  expect(pipeline?.sinks).toEqual([]);
  expect(pipeline?.deadLetterTopics).toEqual([]);
});

const route = (pattern: string, replacement: string) => ({
  transforms: "route",
  "transforms.route.type": "org.apache.kafka.connect.transforms.RegexRouter",
  "transforms.route.regex": pattern,
  "transforms.route.replacement": replacement,
});

test.each([
  ["the default", {}, "shop_public_customers"],
  ["a fixed name", { "collection.name.format": "all_rows" }, "all_rows"],
  [
    "parts of the source",
    { "collection.name.format": "${source.schema}_${source.table}" },
    "public_customers",
  ],
  ["the old key", { "table.name.format": "x_${source.table}" }, "x_customers"],
  ["a renaming transform", route("shop\\.public\\.(.*)", "$1"), "customers"],
  ["a renaming transform that does not match", route("library\\.(.*)", "$1"), "shop_public_customers"],
  [
    "a renaming transform under a condition",
    { ...route("(.*)", "$1"), "transforms.route.predicate": "p" },
    undefined,
  ],
  ["a pattern JavaScript cannot read", route("(?i)SHOP\\..*", "x"), undefined],
  ["a naming strategy of one's own", { "collection.naming.strategy": "x.Y" }, undefined],
  [
    "parts of a source that a transform took away",
    {
      transforms: "flat",
      "transforms.flat.type": "io.debezium.transforms.ExtractNewRecordState",
      "collection.name.format": "${source.table}",
    },
    undefined,
  ],
  [
    "a transform that leaves the name",
    { transforms: "q", "transforms.q.type": "io.headgate.connect.Quarantine" },
    "shop_public_customers",
  ],
  [
    "Confluent's sink keeps dots",
    { "connector.class": "io.confluent.connect.jdbc.JdbcSinkConnector" },
    "shop.public.customers",
  ],
  ["a sink whose naming is unknown", { "connector.class": "x.S3Sink" }, undefined],
] as const)("target: %s", (_case, config, target) => {
  expect(targetOf(aSource(), aSink({ ...config }))).toBe(target);
});

test("a renaming transform in the source names the topic", () => {
  const [pipeline] = derivePipelines([aSource(route("shop\\.public\\.(.*)", "cdc.$1"))], NOTHING_SEEN);

  expect(pipeline?.tables.map((table) => table.topic)).toEqual(["cdc.customers", "cdc.orders"]);
});
