import { expect, test } from "vitest";
import type { CanonicalForm } from "#domain/reconciliation/engine/canonical-form.ts";
import { BucketSums, keyClass, rowHash } from "./client-hash.ts";

const text: CanonicalForm = { kind: "text", blankPadded: false };
const moment: CanonicalForm = { kind: "timestamp", digits: 6, utc: false, rounded: true };

test.each([
  ["values that run into each other", ["ab", "c"], ["a", "bc"]],
  ["NULL and the control character that marks it", [null, "x"], ["\u001e", "x"]],
  ["NULL and the empty text", [null, "x"], ["", "x"]],
  ["a separator inside a text", ["a\u001fb", "c"], ["a", "b\u001fc"]],
  ["a swapped value", ["a", "b"], ["b", "a"]],
] as const)("tells apart: %s", (_what, one, other) => {
  expect(rowHash([text, text], one)).not.toBe(rowHash([text, text], other));
});

test("trailing zeros of a second do not count", () => {
  expect(rowHash([moment], ["2026-01-01 10:00:00.120000"])).toBe(
    rowHash([moment], ["2026-01-01 10:00:00.12"]),
  );
  expect(rowHash([moment], ["2026-01-01 10:00:00.000000"])).toBe(rowHash([moment], ["2026-01-01 10:00:00"]));
  expect(rowHash([moment], ["2026-01-01 10:00:10"])).not.toBe(rowHash([moment], ["2026-01-01 10:00:1"]));
});

test.each(["sum", "xor"] as const)("a %s is the same in any order, and stays within 2^64", (put) => {
  const rows = Array.from({ length: 500 }, (_row, id) => [String(id), `row ${id}`]);
  const sumsOf = (list: readonly string[][]) => {
    const sums = new BucketSums(16, put);
    for (const row of list) sums.add(keyClass([text], [row[0] ?? ""]), rowHash([text, text], row));
    return sums.result();
  };

  expect(sumsOf(rows)).toEqual(sumsOf(rows.toReversed()));
  expect(sumsOf(rows).counts.reduce((total, count) => total + count, 0)).toBe(500);
  expect(sumsOf(rows.slice(1))).not.toEqual(sumsOf(rows));
});
