import { expect, test } from "vitest";
import { readFleetRange } from "./fleet-range.ts";

test.each([
  ["90 d", "90 d"],
  [null, "28 d"],
  ["24 h", "28 d"],
  ["toString", "28 d"],
])("an address with the range %s shows %s", (text, range) => {
  expect(readFleetRange(text)).toBe(range);
});
