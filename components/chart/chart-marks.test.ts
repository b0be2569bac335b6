import { expect, test } from "vitest";
import { type ChartMark, groupMarks, markKinds } from "./chart-marks.ts";

const range = { from: new Date(0), to: new Date(40_000) };
const mark = (at: number, glyph: string, tone?: "failed"): ChartMark => ({
  at: new Date(at),
  glyph,
  kind: glyph,
  words: glyph,
  tone,
});

test("what falls on one place is one line: the same thing keeps its sign, several things are counted", () => {
  const groups = groupMarks([mark(100, "C"), mark(200, "C"), mark(5_100, "R"), mark(5_200, "C")], range);

  expect(groups).toEqual([
    { at: 100, glyph: "C", isFailed: false },
    { at: 5_100, glyph: "2", isFailed: false },
  ]);
});

test("a failure is not lost in a group, and what lies outside the range is not drawn", () => {
  expect(
    groupMarks([mark(-1, "C"), mark(900, "R"), mark(950, "✕", "failed"), mark(40_001, "C")], range),
  ).toEqual([{ at: 900, glyph: "2", isFailed: true }]);
});

test("each sign is explained once", () => {
  expect(markKinds([mark(1, "C"), mark(2, "R"), mark(3, "C")])).toEqual([
    { glyph: "C", kind: "C", count: 2 },
    { glyph: "R", kind: "R", count: 1 },
  ]);
});
