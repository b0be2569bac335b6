import { expect, test } from "vitest";
import { judgePartition } from "./incarnation.ts";

test.each([
  [
    "a partition never seen begins at its start",
    { start: 5, end: 9, next: undefined, anchorMoved: false },
    { from: 5, lost: 0, recreated: false },
  ],
  [
    "nothing happened",
    { start: 0, end: 9, next: 7, anchorMoved: false },
    { from: 7, lost: 0, recreated: false },
  ],
  [
    "retention was faster than we",
    { start: 10, end: 20, next: 7, anchorMoved: false },
    { from: 10, lost: 3, recreated: false },
  ],
  [
    "everything we had read is gone, and nothing more",
    { start: 7, end: 7, next: 7, anchorMoved: false },
    { from: 7, lost: 0, recreated: false },
  ],
  [
    "shorter than what we have read",
    { start: 0, end: 3, next: 7, anchorMoved: false },
    { from: 0, lost: 0, recreated: true },
  ],
  [
    "as long again, with other records",
    { start: 0, end: 9, next: 7, anchorMoved: true },
    { from: 0, lost: 0, recreated: true },
  ],
])("%s", (_case, seen, expected) => {
  expect(judgePartition(seen)).toEqual(expected);
});
