import { expect, test } from "vitest";
import { jsonChanges } from "./json-changes.ts";

test.each([
  ["an added key", {}, { a: "1" }, [{ key: "a", before: undefined, after: "1" }]],
  ["a removed key", { a: "1" }, {}, [{ key: "a", before: "1", after: undefined }]],
  [
    "a changed key, sorted, without the equal ones",
    { b: "1", a: 1, c: "=" },
    { b: "2", a: 2, c: "=" },
    [
      { key: "a", before: "1", after: "2" },
      { key: "b", before: "1", after: "2" },
    ],
  ],
  [
    "nested keys",
    { a: { b: { c: 1 } } },
    { a: { b: { c: 2 } } },
    [{ key: "a.b.c", before: "1", after: "2" }],
  ],
  ["lists as a whole", { a: [1, 2] }, { a: [1] }, [{ key: "a", before: "1, 2", after: "1" }]],
  [
    "lists of objects",
    { a: [{ b: 1 }] },
    { a: [{ b: 2 }] },
    [{ key: "a", before: '[{"b":1}]', after: '[{"b":2}]' }],
  ],
  ["an empty text", {}, { note: "" }, [{ key: "note", before: undefined, after: "" }]],
  ["something gone", { a: false }, null, [{ key: "a", before: "false", after: undefined }]],
  ["nothing on both sides", null, null, []],
  ["nothing before", null, { a: true }, [{ key: "a", before: undefined, after: "true" }]],
  ["plain values", "x", "y", [{ key: "value", before: "x", after: "y" }]],
])("%s", (_case, before, after, expected) => {
  expect(jsonChanges(before, after)).toEqual(expected);
});
