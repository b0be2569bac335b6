import { afterAll, beforeAll, expect, test } from "vitest";
import { reconciliationDiscrepancies } from "#db/schema/reconciliation.ts";
import type { MismatchType } from "#domain/reconciliation/schema.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { getKeySpread } from "./get-key-spread.ts";
import { storeTable } from "./testing/stored-check.ts";

let stack: Stack;
const viewer = an("viewer");
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

async function tableWith(
  name: string,
  rows: readonly { type: MismatchType; key: Record<string, string | number> }[],
): Promise<number> {
  const { db } = stack.deps;
  const now = new Date();
  const { id: tableId } = await storeTable(stack.deps, { name, topic: name, target: null });
  const run = crypto.randomUUID();
  await db.insert(reconciliationDiscrepancies).values(
    rows.map(({ type, key }, index) => ({
      tableId,
      keyHash: `${index}`,
      engineKey: `${index}`,
      key,
      keyText: JSON.stringify(key),
      type,
      columns: [],
      cause: "unexplained" as const,
      state: "open" as const,
      firstSeen: now,
      lastSeen: now,
      firstRunId: run,
      lastRunId: run,
    })),
  );
  return tableId;
}

const ids = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test("a lost batch is one block with its first and last key, also beyond 2^53", async () => {
  const id = await tableWith("orders", [
    { type: "value_mismatch", key: { id: 3 } },
    ...ids(1_001, 1_500).map((key) => ({ type: "missing_in_target" as const, key: { id: key } })),
    { type: "missing_in_source", key: { id: "9007199254740993" } },
  ]);

  const spread = await getKeySpread(stack.deps, viewer, { id });

  expect(spread).toMatchObject({
    column: "id",
    lowest: "3",
    highest: "9007199254740993",
    rows: 502,
    blocks: [{ type: "missing_in_target", first: "1001", last: "1500", rows: 500 }],
  });
  expect(spread?.bins.reduce((sum, rows) => sum + rows, 0)).toBe(502);
});

test("scattered rows make no block; keys that are no single whole numbers have no places", async () => {
  const scattered = await tableWith(
    "scattered",
    ids(1, 40).map((key) => ({ type: "value_mismatch", key: { id: key * 7 } })),
  );
  const composite = await tableWith(
    "composite",
    ids(1, 20).map((key) => ({ type: "value_mismatch", key: { a: key, b: key } })),
  );
  const named = await tableWith("named", [
    { type: "value_mismatch", key: { code: "x" } },
    { type: "value_mismatch", key: { code: "y" } },
  ]);

  expect(await getKeySpread(stack.deps, viewer, { id: scattered })).toMatchObject({ rows: 40, blocks: [] });
  expect(await getKeySpread(stack.deps, viewer, { id: composite })).toBeNull();
  expect(await getKeySpread(stack.deps, viewer, { id: named })).toBeNull();
});

test("a key too long to be shown to everybody has no place, and one such key leaves the whole table without places", async () => {
  const long = await tableWith("long", [{ type: "value_mismatch", key: { card: "123456789012345678901" } }]);
  const mixed = await tableWith("mixed", [
    ...ids(1, 20).map((key) => ({ type: "value_mismatch" as const, key: { card: key } })),
    { type: "value_mismatch", key: { card: "123456789012345678901" } },
  ]);
  const words = await tableWith("words", [
    ...ids(1, 20).map((key) => ({ type: "value_mismatch" as const, key: { code: `${key}` } })),
    { type: "value_mismatch", key: { code: "x" } },
  ]);

  expect(await getKeySpread(stack.deps, viewer, { id: long })).toBeNull();
  expect(await getKeySpread(stack.deps, viewer, { id: mixed })).toBeNull();
  expect(await getKeySpread(stack.deps, viewer, { id: words })).toBeNull();
});
