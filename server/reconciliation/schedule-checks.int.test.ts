import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "#server/testing/stack.ts";
import { scheduleChecks } from "./schedule-checks.ts";
import { requireCheckedTable } from "./stored-table.ts";
import { storeRun, storeTable } from "./testing/stored-check.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test.each([
  ["after an incremental check that is at work", "incremental", true],
  ["the next night where every row is read already", "full", false],
] as const)("a full pass that is due comes %s", async (_when, scope, isSoon) => {
  const now = new Date("2026-11-21T10:00:00Z");
  const deps = { ...stack.deps, now: () => now };
  const due = new Date(now.getTime() - 1_000);
  const table = await storeTable(deps, {
    nextRunAt: due,
    nextFullAt: due,
    firstRunApprovedAt: due,
    lastFullRunId: randomUUID(),
    sourceDatabaseId: randomUUID(),
    targetDatabaseId: randomUUID(),
  });
  await storeRun(deps, table.id, { scope });

  expect(await scheduleChecks(deps)).toBe(0);

  const { nextFullAt } = await requireCheckedTable(deps.db, table.id);
  const wait = (nextFullAt?.getTime() ?? 0) - now.getTime();
  expect(wait).toBeGreaterThan(0);
  expect(wait === 600_000).toBe(isSoon);
});
