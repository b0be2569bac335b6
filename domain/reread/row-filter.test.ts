import { expect, test } from "vitest";
import { rowFilter, rowKeyText } from "./row-filter.ts";
import { signalChannel, snapshotSignal } from "./signal.ts";

test.each([
  { keys: [{ id: 5 }, { id: 6 }], filter: '"id" in (5, 6)' },
  { keys: [{ code: "it's" }], filter: "\"code\" in ('it''s')" },
  { keys: [{ id: "9007199254740993" }], filter: "\"id\" in ('9007199254740993')" },
  { keys: [{ 'we"ird': true }], filter: '"we""ird" in (true)' },
  {
    keys: [
      { a: 1, b: "x" },
      { a: 2, b: "y" },
    ],
    filter: '("a" = 1 and "b" = \'x\') or ("a" = 2 and "b" = \'y\')',
  },
])("the filter of $keys", ({ keys, filter }) => {
  expect(rowFilter(keys, "postgres")).toBe(filter);
});

test("backslashes are escaped where they mean something", () => {
  expect(rowFilter([{ code: "\\' or 1=1 -- " }], "mysql")).toBe("`code` in ('\\\\'' or 1=1 -- ')");
});

test.each([{ id: "\\x0102" }, { id: null }, { id: { a: 1 } }, {}])("a key like %j is refused", (key) => {
  expect(() => rowFilter([key], "postgres")).toThrow();
});

test("the same row has the same text in whatever order its columns come", () => {
  expect(rowKeyText({ a: 1, B: "2" })).toBe(rowKeyText({ b: 2, a: "1" }));
});

test("a source without a channel is told exactly what to set", () => {
  expect(signalChannel({ "topic.prefix": "shop" }, ["k:9092"])).toEqual({
    missing: {
      "signal.enabled.channels": "kafka",
      "signal.kafka.topic": "shop-signal",
      "signal.kafka.bootstrap.servers": "k:9092",
      "read.only": "true",
    },
  });
  expect(
    signalChannel(
      {
        "topic.prefix": "shop",
        "signal.enabled.channels": "source, kafka",
        "signal.kafka.topic": "shop-signal",
        "signal.kafka.bootstrap.servers": "k:9092",
        "read.only": "true",
      },
      ["k:9092"],
    ),
  ).toEqual({ channel: { topic: "shop-signal", key: "shop", notifications: undefined } });
});

test("the signal names the table as a pattern and as it is", () => {
  expect(JSON.parse(snapshotSignal("s1", "public.or$ders", "id in (1)"))).toEqual({
    id: "s1",
    type: "execute-snapshot",
    data: {
      type: "INCREMENTAL",
      "data-collections": ["public.or\\$ders"],
      "additional-conditions": [{ "data-collection": "public.or$ders", filter: "id in (1)" }],
    },
  });
});
