import { expect, test } from "vitest";
import { compareRow, concludeRow, type ReadColumn } from "./row-comparison.ts";

const column = (name: string, type: string, value: string | null): ReadColumn => ({ name, type, value });

test.each([
  ["integer", 5, "5", "same"],
  ["numeric(10,2)", "1.50", "1.5", "same"],
  ["numeric(10,2)", "\\x96", "1.5", "unknown"],
  ["bigint", "9007199254740993", "9007199254740992", "differs"],
  ["character varying(40)", "a", "b", "differs"],
  ["boolean", true, "true", "same"],
  ["timestamp without time zone", 1_700_000_000_123_456, "2023-11-14 22:13:20.123456", "same"],
  ["timestamp with time zone", "2023-11-14T22:13:20.123456Z", "2023-11-14 23:13:20.123456+01", "same"],
  ["timestamp with time zone", "2023-11-14T22:13:21Z", "2023-11-14 22:13:20+00", "differs"],
  ["date", 19_675, "2023-11-14", "same"],
  ["jsonb", '{"b":1,"a":2}', '{"a": 2, "b": 1}', "same"],
  ["text", null, null, "same"],
  ["text", null, "x", "differs"],
  ["inet", "10.0.0.1", "10.0.0.1/32", "unknown"],
])("an event's value of a %s column: %j against %j is %s", (type, value, text, expected) => {
  const [compared] = compareRow({ c: value }, [column("c", type, text)], undefined);

  expect(compared?.eventAgrees).toBe(expected);
});

test("source and target are compared by value, not by spelling", () => {
  const columns = compareRow(
    undefined,
    [
      column("id", "integer", "1"),
      column("Name", "text", "x"),
      column("at", "timestamp without time zone", "2023-01-01 00:00:00"),
    ],
    [
      column("ID", "bigint", "1"),
      column("name", "character varying", "y"),
      column("at", "timestamp with time zone", "2023-01-01 00:00:00+00"),
      column("extra", "text", null),
    ],
  );

  expect(columns.map(({ name, targetAgrees }) => [name, targetAgrees])).toEqual([
    ["id", "same"],
    ["Name", "differs"],
    ["at", "same"],
    ["extra", "unknown"],
  ]);
});

test.each([
  ["found", "found", "a", "a", "equal"],
  ["found", "found", "a", "b", "differs"],
  ["found", "missing", "a", undefined, "only_source"],
  ["missing", "found", undefined, "a", "only_target"],
  ["missing", "missing", undefined, undefined, "gone"],
  ["found", "unknown", "a", undefined, "unknown"],
] as const)("source %s, target %s: %s and %s mean %s", (source, target, a, b, kind) => {
  const columns = compareRow(
    undefined,
    a === undefined ? undefined : [column("c", "text", a)],
    b === undefined ? undefined : [column("c", "text", b)],
  );

  expect(concludeRow(source, target, columns).kind).toBe(kind);
});
