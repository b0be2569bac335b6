import { expect, test } from "vitest";
import { readEdit } from "./read-edit.ts";

const original = { before: null, after: { id: 1, note: "bad", tags: [] }, op: "c" };

test("only what was changed is listed, by its path", () => {
  const text = JSON.stringify({ ...original, after: { id: 1, note: "good", tags: ["x"] } });

  expect(readEdit(original, text).changes).toEqual([
    { key: "after.note", before: "bad", after: "good" },
    { key: "after.tags", before: "[]", after: undefined },
    { key: "after.tags.0", before: undefined, after: "x" },
  ]);
});

test("nothing changed, and no JSON, are told apart", () => {
  expect(readEdit(original, JSON.stringify(original))).toMatchObject({ problem: undefined, changes: [] });
  expect(readEdit(original, "{").problem).toContain("This is no JSON");
});
