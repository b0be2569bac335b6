import { expect, test } from "vitest";
import { chartRows } from "./chart-series.ts";

const at = (second: number) => new Date(second * 1_000);

test("series share one time axis", () => {
  const rows = chartRows(
    [
      {
        id: "a",
        label: "a",
        points: [
          { at: at(1), value: 5 },
          { at: at(3), value: 7 },
        ],
      },
      { id: "b", label: "b", points: [{ at: at(2), value: 1 }] },
    ],
    10_000,
  );

  expect(rows).toEqual([
    { at: 1_000, values: { a: 5 } },
    { at: 2_000, values: { b: 1 } },
    { at: 3_000, values: { a: 7 } },
  ]);
});

test("where nothing was measured the line breaks", () => {
  const rows = chartRows(
    [
      {
        id: "a",
        label: "a",
        points: [
          { at: at(1), value: 5 },
          { at: at(60), value: 6 },
        ],
      },
    ],
    10_000,
  );

  expect(rows.map((row) => row.values.a)).toEqual([5, null, 6]);
  expect(rows[1]?.at).toBe(11_000);
});
