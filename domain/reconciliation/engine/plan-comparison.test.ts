import { expect, test } from "vitest";
import { planCost } from "./cost-model.ts";
import { keyFromRecord } from "./key-from-record.ts";
import { planComparison } from "./plan-comparison.ts";
import type { ColumnShape, TableShape } from "./table-shape.ts";

function column(name: string, family: ColumnShape["family"], over: Partial<ColumnShape> = {}): ColumnShape {
  return { name, declared: family, family, nullable: true, generated: false, ...over };
}

function table(columns: ColumnShape[], key: string[] = []): TableShape {
  return { table: "public.t", columns, key, estimatedRows: undefined, bytes: undefined };
}

test.each([
  ["integer", "decimal", { kind: "decimal", scale: undefined }],
  ["enum", "text", { kind: "text", blankPadded: false }],
  ["char", "text", { kind: "text", blankPadded: true }],
  ["float32", "float64", { kind: "float", bits: 32 }],
  ["decimal", "float64", { kind: "float", bits: 64 }],
  ["timestamp", "timestamptz", { kind: "timestamp", digits: 6, utc: true, rounded: true }],
  ["date", "timestamp", { kind: "timestamp", digits: 6, utc: false, rounded: true }],
  ["uuid", "text", { kind: "text", blankPadded: false }],
  ["boolean", "integer", { kind: "boolean" }],
] as const)("%s and %s meet in one form", (from, to, form) => {
  const { columns, unchecked } = planComparison(table([column("c", from)]), table([column("c", to)]));

  expect(columns).toEqual([{ source: "c", target: "c", form }]);
  expect(unchecked).toEqual([]);
});

test("milliseconds are what `connect` carries, and the target's digits what arrives", () => {
  const [source, target] = [
    table([column("at", "timestamp")]),
    table([column("at", "timestamp", { digits: 0 })]),
  ];

  expect(planComparison(source, source, { timePrecisionMode: "connect" }).columns[0]?.form).toMatchObject({
    digits: 3,
    rounded: false,
  });
  expect(planComparison(source, target).columns[0]?.form).toMatchObject({ digits: 0, rounded: true });
});

test("what is not compared says why", () => {
  const source = table(
    [
      column("id", "integer"),
      column("secret", "text"),
      column("sum", "integer", { generated: true }),
      column("held", "text"),
      column("odd", "interval", { declared: "interval" }),
    ],
    ["id"],
  );
  const target = table([
    column("id", "integer"),
    column("secret", "text"),
    column("odd", "integer", { declared: "bigint" }),
    column("embedding", "other"),
  ]);

  const { columns, keyLength, unchecked } = planComparison(source, target, {
    excluded: [{ column: "secret", reason: "personal" }],
  });

  expect(columns.map(({ source: name }) => name)).toEqual(["id"]);
  expect(keyLength).toBe(1);
  expect(unchecked).toEqual([
    { column: "secret", reason: "personal" },
    { column: "sum", reason: "Computed by the source and not carried to the target" },
    { column: "held", reason: "There is no such column in the target" },
    { column: "odd", reason: "interval and bigint have no common form" },
    { column: "embedding", reason: "There is no such column in the source" },
  ]);
});

test("the key comes first, in its own order; without all of it rows are a multiset", () => {
  const source = table([column("v", "text"), column("b", "integer"), column("a", "integer")], ["a", "b"]);

  const whole = planComparison(source, source);
  const partial = planComparison(source, table([column("v", "text"), column("b", "integer")]));

  expect(whole.columns.map(({ source: name }) => name)).toEqual(["a", "b", "v"]);
  expect(whole.keyLength).toBe(2);
  expect(partial.keyLength).toBe(0);
});

test("topic keys become key texts, or nothing where the record does not tell", () => {
  const comparison = planComparison(
    table([column("a", "integer"), column("b", "text"), column("at", "timestamptz")], ["a", "b"]),
    table([column("a", "integer"), column("b", "text"), column("at", "timestamptz")]),
  );

  expect(keyFromRecord(comparison, { a: 7, b: "x" })).toBe("7\u001fx");
  expect(keyFromRecord(comparison, { a: "9223372036854775807", b: "" })).toBe("9223372036854775807\u001f");
  expect(keyFromRecord(comparison, { a: 7.5, b: "x" })).toBeUndefined();
  expect(keyFromRecord(comparison, { a: 7 })).toBeUndefined();
  expect(keyFromRecord({ ...comparison, keyLength: 1 }, 7)).toBe("7");
  expect(
    keyFromRecord({ columns: comparison.columns.slice(2), keyLength: 1 }, { at: 1_700_000_000_000 }),
  ).toBeUndefined();
});

test("few differences make coarse buckets, many make fine ones; large tables are cut by time and memory", () => {
  const common = { hash: "native" as const, sliceMs: 5_000, rowsPerSecond: undefined };
  const calm = planCost({ ...common, rows: 1e6, drift: 1e-6 });
  const wild = planCost({ ...common, rows: 1e6, drift: 0.05 });
  const large = planCost({ ...common, rows: 1e9, drift: undefined });

  expect(calm.bucketRows).toBeGreaterThan(400);
  expect(wild.bucketRows).toBeLessThan(20);
  expect(calm.slices).toBe(1);
  expect(large.slices).toBeGreaterThan(80);
  expect(wild.predictedMs).toBeGreaterThan(calm.predictedMs);
});
