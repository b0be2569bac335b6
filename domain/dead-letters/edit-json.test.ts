import { expect, test } from "vitest";
import { editJson, payloadProblems } from "./edit-json.ts";
import { describeEdit } from "./edit-problems.ts";

const schema = {
  type: "struct",
  fields: [
    { field: "id", type: "int64" },
    { field: "name", type: "string", optional: true },
    { field: "tags", type: "array", items: { type: "string" } },
  ],
};

test.each([
  { value: { id: 1, name: null, tags: [] }, paths: [] },
  { value: { id: "9007199254740993", name: "x", tags: ["a"] }, paths: [] },
  { value: { id: 1.5, name: 3, tags: [1] }, paths: ["id", "name", "tags.0"] },
  { value: { id: null, tags: [], more: 1 }, paths: ["more", "id", "name"] },
])("$value against its schema", ({ value, paths }) => {
  expect(payloadProblems(schema, value).map(({ path }) => path)).toEqual(paths);
});

test("numbers keep all their digits, changed or not", () => {
  const original = '{"id":9007199254740993,"name":"old"}';
  const shown = { id: "9007199254740993", name: "old" };

  expect(editJson(original, shown, { ...shown, name: "new" }, false)).toBe(
    '{"id":9007199254740993,"name":"new"}',
  );
  expect(editJson(original, shown, { ...shown, id: "9007199254740995" }, false)).toBe(
    '{"id":9007199254740995,"name":"old"}',
  );
});

test("an edited payload keeps its schema", () => {
  const original = JSON.stringify({ schema, payload: { id: 1, name: "old", tags: [] } });

  expect(
    JSON.parse(editJson(original, { id: 1, name: "old", tags: [] }, { id: 1, name: "new", tags: [] }, true)),
  ).toEqual({ schema, payload: { id: 1, name: "new", tags: [] } });
});

test("an edit is described without its values", () => {
  const text = JSON.stringify(
    describeEdit({ after: { id: 1, name: "secret-before" } }, { after: { id: 1, name: "secret" } }),
  );

  expect(text).toBe('{"after.name":["text of 13 characters","text of 6 characters"]}');
});
