import { expect, test } from "vitest";
import { arrangeColumns, parseChoice } from "./saved-columns.ts";

const column = (id: string, extra: object = {}) => ({ id, header: id, width: 100, cell: () => id, ...extra });
const columns = [
  column("name", { fixed: true }),
  column("state"),
  column("lag"),
  column("worker", { hidden: true }),
];

function arranged(choice: Parameters<typeof arrangeColumns>[1]) {
  const { ordered, hidden } = arrangeColumns(columns, choice);
  return { ordered: ordered.map(({ id }) => id), hidden: [...hidden] };
}

test("without a choice the declared columns show", () => {
  expect(arranged(undefined)).toEqual({ ordered: ["name", "state", "lag", "worker"], hidden: ["worker"] });
});

test("a choice keeps its order; unknown ids are skipped and new columns come in their declared place", () => {
  expect(arranged({ order: ["lag", "old", "name", "worker"], hidden: [] })).toEqual({
    ordered: ["lag", "state", "name", "worker"],
    hidden: [],
  });
});

test("what a row is cannot be hidden", () => {
  expect(arranged({ order: [], hidden: ["name", "lag"] }).hidden).toEqual(["lag"]);
});

test.each([null, "", "{", "[]", '{"order":1,"hidden":[]}'])("stored text %j counts as no choice", (text) => {
  expect(parseChoice(text)).toBeUndefined();
});
