import { expect, test } from "vitest";
import type { FilterGrammar } from "./grammar.ts";
import { suggestFilters } from "./suggest.ts";

const grammar: FilterGrammar = {
  fields: [
    { key: "state", label: "state", kind: "choice", values: ["failed", "paused"] },
    { key: "table", label: "table", kind: "text" },
    { key: "age", label: "age", kind: "age" },
  ],
};

function texts(input: string, caret = input.length): string[] {
  return suggestFilters(input, caret, grammar).map((suggestion) => suggestion.text);
}

test("an empty place offers every key", () => {
  expect(texts("")).toEqual(["state:", "table:", "age:"]);
  expect(texts("state:failed ")).toEqual(["state:", "table:", "age:"]);
});

test("the start of a word narrows the keys", () => {
  expect(texts("st")).toEqual(["state:"]);
  expect(texts("-st")).toEqual(["-state:"]);
});

test("after the colon come the values", () => {
  expect(texts("state:")).toEqual(["state:failed", "state:paused"]);
  expect(texts("state:p")).toEqual(["state:paused"]);
  expect(texts("age:")).toEqual(["age:>1h", "age:<5m"]);
  expect(texts("table:")).toEqual([]);
});

test("taking a value replaces the part under the caret and moves on", () => {
  const [taken] = suggestFilters("state:fa orders", 8, grammar);

  expect(taken).toMatchObject({ input: "state:failed orders", caret: 13 });
});

test("taking a key leaves the caret behind the colon", () => {
  const [taken] = suggestFilters("sta", 3, grammar);

  expect(taken).toMatchObject({ input: "state:", caret: 6 });
});
