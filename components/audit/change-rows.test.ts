import { expect, test } from "vitest";
import { changeRows } from "./change-rows.ts";

test("only what differs is shown, with dotted keys", () => {
  const before = { config: { "tasks.max": "1", topics: "a" }, roles: ["viewer"] };
  const after = { config: { "tasks.max": "2", topics: "a" }, roles: ["viewer", "admin"], note: "" };

  expect(changeRows(before, after)).toEqual([
    { key: "config.tasks.max", before: "1", after: "2" },
    { key: "note", before: undefined, after: "" },
    { key: "roles", before: "viewer", after: "viewer, admin" },
  ]);
});

test.each([
  ["something new", null, { a: 1 }, [{ key: "a", before: undefined, after: "1" }]],
  ["something gone", { a: false }, null, [{ key: "a", before: "false", after: undefined }]],
  ["two plain values", "x", "y", [{ key: "value", before: "x", after: "y" }]],
  [
    "lists of objects",
    { a: [{ b: 1 }] },
    { a: [{ b: 2 }] },
    [{ key: "a", before: '[{"b":1}]', after: '[{"b":2}]' }],
  ],
  ["nothing", null, null, []],
])("%s", (_what, before, after, rows) => {
  expect(changeRows(before, after)).toEqual(rows);
});
