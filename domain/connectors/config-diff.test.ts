import { expect, test } from "vitest";
import { diffConfig, normaliseConfig, sameConfig } from "./config-diff.ts";
import { JDBC_SINK_CLASS, POSTGRES_SOURCE_CLASS } from "./effects.ts";

const source = { "connector.class": POSTGRES_SOURCE_CLASS };
const sink = { "connector.class": JDBC_SINK_CLASS };

test.each([
  ["a new table", source, "table.include.list", "public.a", "public.a,public.b", "changed", "resnapshot"],
  ["another prefix", source, "topic.prefix", "a", "b", "changed", "irreversible"],
  ["a batch size", source, "max.batch.size", undefined, "4096", "added", "restart"],
  ["a key only the sink knows", sink, "primary.key.mode", "record_key", undefined, "removed", "irreversible"],
  ["a sink's key on a source is just a key", source, "primary.key.mode", "a", "b", "changed", "restart"],
  ["a key nobody knows", sink, "my.own.key", "1", "2", "changed", "restart"],
  ["a key only Connect reads", sink, "config.action.reload", "none", "restart", "changed", "hot"],
] as const)("%s", (_case, base, key, before, after, kind, effect) => {
  const changes = diffConfig(
    { ...base, ...(before === undefined ? {} : { [key]: before }) },
    { ...base, ...(after === undefined ? {} : { [key]: after }) },
  );

  expect(changes).toMatchObject([{ key, kind, effect }]);
});

test("what Connect adds or trims is no change", () => {
  expect(
    sameConfig({ ...source, "topic.prefix": "a" }, { ...source, name: "x", "topic.prefix": " a " }),
  ).toBe(true);
});

test("the heaviest change comes first", () => {
  const changes = diffConfig(
    { ...source, "topic.prefix": "a" },
    { ...source, "topic.prefix": "b", "a.key": "1" },
  );

  expect(changes.map((change) => change.key)).toEqual(["topic.prefix", "a.key"]);
});

test("values of unknown keys survive byte for byte", () => {
  const odd = { "x.y": "a  b\t=\u00e9\\n", "": "empty key" };

  expect(normaliseConfig(odd)).toEqual(odd);
});
