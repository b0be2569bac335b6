import { expect, test } from "vitest";
import { describeEdit } from "#domain/dead-letters/edit-problems.ts";
import { readEdit } from "./read-edit.ts";

const original = { before: null, after: { id: 1, note: "bad", tags: [] }, op: "c" };

test("only what was changed is listed, by its path", () => {
  const text = JSON.stringify({ ...original, after: { id: 1, note: "good", tags: ["x"] } });

  expect(readEdit(original, text).changes).toEqual([
    { key: "after.note", before: '"bad"', after: '"good"' },
    { key: "after.tags.0", before: undefined, after: '"x"' },
  ]);
});

test("nothing changed, and no JSON, are told apart", () => {
  expect(readEdit(original, JSON.stringify(original))).toMatchObject({ problem: undefined, changes: [] });
  expect(readEdit(original, "{").problem).toContain("This is no JSON");
});

test.each([
  [{ a: "1" }, { a: 1 }, [{ key: "a", before: '"1"', after: "1" }]],
  [{ a: "null" }, { a: null }, [{ key: "a", before: '"null"', after: "null" }]],
  [{ a: "true" }, { a: true }, [{ key: "a", before: '"true"', after: "true" }]],
  [{ a: null }, {}, [{ key: "a", before: "null", after: undefined }]],
  [{ a: [] }, { a: {} }, [{ key: "a", before: "[]", after: "{}" }]],
  [
    { "a.b": 1 },
    { a: { b: 1 } },
    [
      { key: '"a.b"', before: "1", after: undefined },
      { key: "a", before: undefined, after: '{"b":1}' },
    ],
  ],
  ["5", 5, [{ key: "value", before: '"5"', after: "5" }]],
])("%j → %j differs, for the screen as for the plan", (before, after, changes) => {
  expect(readEdit(before, JSON.stringify(after)).changes).toEqual(changes);
  expect(Object.keys(describeEdit(before, after))).not.toEqual([]);
});

test("the same fields in another order are no edit", () => {
  expect(readEdit({ a: 1, b: 2 }, '{"b":2,"a":1}').changes).toEqual([]);
});
