import { expect, test } from "vitest";
import { eventChanges, hexOf } from "./event-changes.ts";

test("an update shows only the columns it changed, an insert all of them", () => {
  expect(eventChanges({ before: { id: 1, name: "a" }, after: { id: 1, name: "b" } })).toEqual([
    { key: "name", before: "a", after: "b" },
  ]);
  expect(eventChanges({ before: null, after: { id: 1, note: null } })).toEqual([
    { key: "id", before: undefined, after: "1" },
    { key: "note", before: undefined, after: "null" },
  ]);
});

test("what is no change event has no before and after", () => {
  expect(eventChanges({ before: null, after: null })).toBeUndefined();
  expect(eventChanges({ before: null, after: "text" })).toBeUndefined();
});

test("raw bytes are shown as bytes, with what is readable beside them", () => {
  expect(hexOf(btoa("\u0000<b>"))).toContain("00 3c 62 3e");
  expect(hexOf(btoa("\u0000<b>"))).toContain(".<b>");
  expect(hexOf(null)).toBe("null");
  expect(hexOf("")).toBe("empty");
});
