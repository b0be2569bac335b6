import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { reconciliationDiscrepancies } from "#db/schema/reconciliation.ts";
import type { Comparison } from "#domain/reconciliation/engine/comparison.ts";
import { type Stack, startStack } from "#server/testing/stack.ts";
import type { Difference } from "./engine/compare-table.ts";
import { readTableFacts } from "./pipeline-facts.ts";
import { recordDifferences } from "./record-differences.ts";
import { storeRun, storeTable } from "./testing/stored-check.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

test("of a row that is told twice at once the later word is kept", async () => {
  const { deps } = stack;
  const table = await storeTable(deps);
  const { lease, run } = await storeRun(deps, table.id);
  const comparison: Comparison = {
    columns: [
      { source: "id", target: "id", form: { kind: "integer" } },
      { source: "name", target: "name", form: { kind: "text", blankPadded: false } },
    ],
    keyLength: 1,
    uniqueKey: true,
    unchecked: [],
  };
  const told = (key: string, target: string | undefined): Difference => ({
    kind: target === undefined ? "missing_in_target" : "value_mismatch",
    key,
    keyValues: [key],
    source: [key, "right"],
    target: target === undefined ? undefined : [key, target],
    columns: target === undefined ? [] : ["name"],
    duplicates: 0,
  });

  await recordDifferences(
    deps,
    { table, comparison, facts: await readTableFacts(deps, table, undefined), lease },
    [told("1", undefined), told("2", undefined), told("1", "wrong")],
  );

  const rows = await deps.db
    .select()
    .from(reconciliationDiscrepancies)
    .where(eq(reconciliationDiscrepancies.lastRunId, run.id))
    .orderBy(reconciliationDiscrepancies.keyText);
  expect(rows.map(({ keyText, type, columns }) => [keyText, type, columns])).toEqual([
    ["id=1", "value_mismatch", ["name"]],
    ["id=2", "missing_in_target", []],
  ]);
});
