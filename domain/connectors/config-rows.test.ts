import { expect, test } from "vitest";
import { configRows, filterRows } from "./config-rows.ts";
import { POSTGRES_SOURCE_CLASS } from "./effects.ts";

const key = (name: string, group: string, over: object = {}) => ({
  name,
  group,
  type: "STRING",
  isRequired: false,
  default: null,
  importance: "LOW",
  documentation: "",
  label: name,
  order: 0,
  ...over,
});
const keys = [
  key("snapshot.mode", "Connector", { default: "initial" }),
  key("name", "Common"),
  key("topic.prefix", "Connector", { isRequired: true }),
  key("database.password", "Postgres", { type: "PASSWORD" }),
];
const rows = configRows(
  {
    "connector.class": POSTGRES_SOURCE_CLASS,
    name: "x",
    "topic.prefix": "shop",
    "transforms.a.type": "T",
    "my.key": " v ",
  },
  keys,
);

test("every key stands once, those of the plugin first, and none is lost", () => {
  expect(rows.map((row) => [row.name, row.value, row.isUnlisted])).toEqual([
    ["snapshot.mode", undefined, false],
    ["topic.prefix", "shop", false],
    ["database.password", undefined, false],
    ["connector.class", POSTGRES_SOURCE_CLASS, true],
    ["my.key", " v ", true],
    ["transforms.a.type", "T", true],
  ]);
});

test.each([
  ["set", ["topic.prefix", "connector.class", "my.key", "transforms.a.type"]],
  ["required", ["topic.prefix"]],
  ["secret", ["database.password"]],
  ["unlisted", ["connector.class", "my.key", "transforms.a.type"]],
  ["heavy", ["topic.prefix", "connector.class"]],
] as const)("the filter %s", (filter, names) => {
  expect(filterRows(rows, filter).map((row) => row.name)).toEqual(names);
});

test("families the plugin does not list are explained", () => {
  expect(rows.find((row) => row.name === "transforms.a.type")?.documentation).toMatch(/transform/);
});
