import { afterAll, beforeAll, expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { type Stack, startStack } from "#server/testing/stack.ts";
import { requireCheckedTable } from "./stored-table.ts";
import { storeTable } from "./testing/stored-check.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test("a column that is left out until some day comes back with that day", async () => {
  const until = new Date("2027-05-01T00:00:00Z");
  const excludedColumns = [{ column: "note", reason: "migrated later", because: "chosen" as const, until }];
  const { id } = await storeTable(stack.deps, { settings: { ...DEFAULT_SETTINGS, excludedColumns } });

  const { settings } = await requireCheckedTable(stack.deps.db, id);

  expect(settings.excludedColumns).toEqual(excludedColumns);
});
