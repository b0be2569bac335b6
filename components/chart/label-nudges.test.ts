import { expect, test } from "vitest";
import { labelNudges } from "./label-nudges.ts";

const series = ["a", "b", "c"].map((id) => ({ id, label: id, points: [] }));
const ending = (...values: (number | null)[]) => [
  { at: 1, values: { a: 180, b: 0, c: 0 } },
  { at: 2, values: Object.fromEntries(["a", "b", "c"].map((id, index) => [id, values[index] ?? null])) },
];

test("names that stand apart stay where their lines end", () => {
  expect(labelNudges(ending(180, 90, 0), series, [])).toEqual([0, 0, 0]);
});

test("names that would touch are stacked upwards, in the order of their lines", () => {
  expect(labelNudges(ending(180, 1, 0), series, [])).toEqual([0, -12, 0]);
  expect(labelNudges(ending(5, 5, 5), series, [])).toEqual([0, -13, -26]);
});

test("a line that ends in a gap is named where it was last measured", () => {
  expect(labelNudges(ending(180, null, 0), series, [])).toEqual([0, 0, -13]);
});

test("nothing measured moves nothing out of the drawing", () => {
  for (const nudge of labelNudges([], series, [])) expect(Number.isFinite(nudge)).toBe(true);
});
