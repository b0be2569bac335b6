import { expect, test } from "vitest";
import { windowFrom } from "./timestamp-window.ts";

const at = (text: string) => new Date(`2026-11-21T${text}:00Z`);

test.each([
  ["where the last check began, with some overlap", at("07:30"), at("07:15")],
  ["a day before where there was none", null, new Date("2026-11-20T09:45:00Z")],
])("a window begins %s", (_where, lastBegan, from) => {
  expect(windowFrom(lastBegan, at("10:00"))).toEqual(from);
});
