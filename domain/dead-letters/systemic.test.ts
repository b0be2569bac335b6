import { expect, test } from "vitest";
import { systemicFault } from "./systemic.ts";

test.each([
  [
    "a handful is not systemic, whatever the share",
    { deadLettered: 19, consumed: 19, largestGroup: 19 },
    undefined,
  ],
  ["more than a fifth of the table", { deadLettered: 30, consumed: 100, largestGroup: 30 }, "share"],
  [
    "a fifth exactly is not more than a fifth",
    { deadLettered: 20, consumed: 100, largestGroup: 20 },
    undefined,
  ],
  ["a flood of one cause", { deadLettered: 700, consumed: undefined, largestGroup: 600 }, "flood"],
  ["a flood of many causes", { deadLettered: 700, consumed: undefined, largestGroup: 100 }, undefined],
] as const)("%s", (_case, minute, kind) => {
  expect(systemicFault("public.orders", minute)?.kind).toBe(kind);
});
