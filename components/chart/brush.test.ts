import { expect, test } from "vitest";
import { PLOT_LEFT, PLOT_RIGHT, placeOf, rangeBetween, scaled, shifted } from "./brush.ts";

const hour = { from: new Date("2026-01-01T00:00:00Z"), to: new Date("2026-01-01T01:00:00Z") };
const iso = (range: { from: Date; to: Date } | undefined) =>
  range && [range.from.toISOString().slice(11, 19), range.to.toISOString().slice(11, 19)];

test("a pointer is a place on the time axis, and never outside of it", () => {
  const box = { left: 100, width: 1_000 + PLOT_LEFT + PLOT_RIGHT };
  expect([0, 100 + PLOT_LEFT + 250, 5_000].map((x) => placeOf(x, box))).toEqual([0, 0.25, 1]);
});

test("a brush gives the same range in either direction; a click gives none", () => {
  expect(iso(rangeBetween(0.25, 0.5, hour))).toEqual(["00:15:00", "00:30:00"]);
  expect(iso(rangeBetween(0.5, 0.25, hour))).toEqual(["00:15:00", "00:30:00"]);
  expect(rangeBetween(0.5, 0.505, hour)).toBeUndefined();
});

test("a range is moved and zoomed, never below a minute", () => {
  expect(iso(shifted(hour, 0.5))).toEqual(["00:30:00", "01:30:00"]);
  expect(iso(scaled(hour, 0.5))).toEqual(["00:15:00", "00:45:00"]);
  expect(iso(scaled(hour, 0.0001))).toEqual(["00:29:30", "00:30:30"]);
});
