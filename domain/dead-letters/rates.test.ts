import { expect, test } from "vitest";
import { grownSince, rateOf, sumRates } from "./rates.ts";

const at = (minute: number) => new Date(minute * 60_000);
const reading = (minute: number, total: number) => ({ at: at(minute), total });

test.each([
  [
    "from the reading before the window",
    [reading(1, 10), reading(5, 30), reading(9, 100)],
    5,
    { by: 70, since: at(5) },
  ],
  ["nothing moved since", [reading(1, 10)], 5, { by: 0, since: at(5) }],
  ["readings began later", [reading(7, 10), reading(9, 25)], 5, { by: 15, since: at(8) }],
  ["one reading, within the window", [reading(7, 10)], 5, undefined],
  ["the topic was made anew", [reading(1, 100), reading(6, 5)], 5, undefined],
  ["none", [], 5, undefined],
])("a counter's growth: %s", (_case, readings, from, expected) => {
  expect(grownSince(readings, at(from))).toEqual(expected);
});

test.each([
  [0, null, 0, false],
  [5, null, null, null],
  [5, 0, null, null],
  [1, 1_000, 0.001, false],
  [2, 1_000, 0.002, true],
  [20, 10, 1, true],
])("%i of %s", (deadLettered, processed, share, isOver) => {
  expect(rateOf(deadLettered, processed)).toMatchObject({ share, isOver });
});

test("a pipeline with an unknown table is not called fine", () => {
  expect(sumRates([rateOf(0, 1_000_000), rateOf(3, null)])).toMatchObject({ deadLettered: 3, isOver: null });
  expect(sumRates([rateOf(1, 1_000), rateOf(0, 1_000)])).toMatchObject({ share: 0.0005, isOver: false });
});
