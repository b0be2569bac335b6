import { afterAll, beforeAll, expect, test } from "vitest";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { listCheckedTables } from "./list-checked-tables.ts";
import { storeRun, storeTable } from "./testing/stored-check.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test("a listed table has the worst drift of each of its last hours, and none of those nobody checked", async () => {
  const at = stack.deps.now();
  const deps = { ...stack.deps, now: () => at };
  const table = await storeTable(deps);
  const other = await storeTable(deps);
  const ended = (minutesAgo: number, unexplainedPercent: number | null, over = {}) =>
    storeRun(deps, table.id, {
      state: "COMPLETED",
      isVerified: true,
      endedAt: new Date(at.getTime() - minutesAgo * 60_000),
      unexplainedPercent,
      ...over,
    });
  await ended(5, 0);
  await ended(50, 0.5);
  await ended(70, 0);
  await ended(130, null, { isVerified: false });
  await ended(190, 7, { scope: "keys" });
  await ended(23 * 60 + 50, 2);
  await ended(24 * 60 + 10, 9);

  const { rows } = await listCheckedTables(deps, an("viewer"), {
    filter: "",
    sort: "",
    page: 1,
    pageSize: 50,
  });

  const unknown = Array<null>(21).fill(null);
  expect(rows.find(({ id }) => id === table.id)?.hours).toEqual([2, ...unknown, 0, 0.5]);
  expect(rows.find(({ id }) => id === other.id)?.hours).toEqual(Array(24).fill(null));
});
