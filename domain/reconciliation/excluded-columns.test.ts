import { expect, test } from "vitest";
import { columnProblems, leftOutProblems, newlyLeftOut } from "./excluded-columns.ts";

const now = new Date("2026-11-21T10:00:00Z");
const leaving = (...columns: readonly (readonly [column: string, until?: string])[]) => ({
  excludedColumns: columns.map(([column, until]) => ({
    column,
    reason: "agreed",
    because: "chosen" as const,
    until: until === undefined ? null : new Date(until),
  })),
});
const nothing = leaving();

test.each([
  ["without an end", leaving(["note"]), nothing],
  ["until a day to come", leaving(["note", "2026-11-22"]), nothing],
  ["until a day that has come since", leaving(["note", "2026-11-20"]), leaving(["note", "2026-11-20"])],
])("a column is left out %s", (_how, after, before) => {
  expect(leftOutProblems(before, after, now)).toEqual([]);
});

test.each([
  ["a day that is over", leaving(["a"], ["note", "2026-11-20"]), nothing],
  ["today, which has begun", leaving(["a"], ["note", "2026-11-21"]), nothing],
  ["an earlier day than was agreed", leaving(["a"], ["note", "2026-11-20"]), leaving(["note", "2026-12-01"])],
])("an end is refused that is %s", (_which, after, before) => {
  expect(leftOutProblems(before, after, now)).toEqual([
    { path: "excludedColumns.1.until", message: expect.stringMatching(/^note would .* UTC, which is over$/) },
  ]);
});

test("a column is left out once", () => {
  expect(leftOutProblems(nothing, leaving(["note"], ["price"], ["note", "2026-01-01"]), now)).toEqual([
    { path: "excludedColumns.2.column", message: "note is left out twice" },
  ]);
});

test("only what was not left out before is new", () => {
  expect(newlyLeftOut(leaving(["gone"]), leaving(["gone"], ["note"]))).toEqual([
    { column: "note", place: 1 },
  ]);
});

const orders = { source: ["id", "Note", "price"], target: ["id", "note", "price", "vector"], key: ["id"] };

test.each([
  ["price", undefined],
  ["vector", undefined],
  ["id", "id is part of the key: without it no row can be told from another"],
  ["note", "There is no column note; the source calls it Note"],
  ["pricee", "There is no column pricee at either end"],
])("leaving out %s: %s", (column, message) => {
  expect(columnProblems([{ column, place: 3 }], orders)).toEqual(
    message === undefined ? [] : [{ path: "excludedColumns.3.column", message }],
  );
});
