import { expect, test } from "vitest";
import { type Figure, holds, jsonLine, percentile, renderTable } from "./harness.ts";

const figures: Figure[] = [
  { name: "cold_start_s", value: 2.345678, unit: "s", limit: { atMost: 5 } },
  { name: "records_per_s", value: 19_999.4, unit: "/s", limit: { atLeast: 20_000 } },
  { name: "list_lcp_ms", value: 812, unit: "ms" },
];

test("the last line is one JSON object with plain numbers", () => {
  expect(JSON.parse(jsonLine("foundation", figures))).toEqual({
    bench: "foundation",
    figures: { cold_start_s: 2.346, records_per_s: 19_999, list_lcp_ms: 812 },
  });
});

test("a figure on the wrong side of its bar is called missed, one without a bar is not judged", () => {
  expect(figures.map(holds)).toEqual([true, false, undefined]);
  expect(renderTable(figures)).toContain("MISSED");
});

test.each([
  [0.5, 50],
  [0.95, 95],
  [1, 100],
] as const)("the %s percentile of 1 to 100 is %s", (share, expected) => {
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      share,
    ),
  ).toBe(expected);
});

test("a percentile of nothing is an error, not a zero", () => {
  expect(() => percentile([], 0.5)).toThrow("no values");
});
