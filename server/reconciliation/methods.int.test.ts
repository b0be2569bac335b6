import { afterAll, beforeAll, expect, test } from "vitest";
import type { TableSettings } from "#domain/reconciliation/schema.ts";
import { observerLoops } from "#server/observability/observer-loops.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { getCheckedTable } from "./get-checked-table.ts";
import { getCheck } from "./list-checks.ts";
import { listDiscrepancies } from "./list-discrepancies.ts";
import { type CheckedPipeline, startCheckedPipeline } from "./testing/checked-pipeline.ts";
import { updateSettings } from "./update-settings.ts";

let stack: Stack;
let pipeline: CheckedPipeline;
const viewer = an("viewer");

beforeAll(async () => {
  stack = await startStack();
  pipeline = await startCheckedPipeline(stack.deps, observerLoops, 300);
  await pipeline.check("full");
}, 400_000);
afterAll(async () => {
  await pipeline?.stop();
  await stack.stop();
}, 120_000);

async function change(settings: Partial<TableSettings>) {
  const { version } = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  await updateSettings(stack.deps, pipeline.engineer, { id: pipeline.tableId, version, settings });
}

async function differing(): Promise<string[]> {
  const input = { filter: "", sort: "key", page: 1, pageSize: 100, tableId: pipeline.tableId };
  return (await listDiscrepancies(stack.deps, viewer, input)).rows.map(({ key, type }) => `${key} ${type}`);
}

test("counting finds what is missing or too many, by its key, and says nothing about values", async () => {
  await change({ method: "row_count" });
  await pipeline.onTarget("delete from TABLE where id = 3");
  await pipeline.onTarget("update TABLE set name = 'wrong' where id = 4");

  const { runId } = await pipeline.check("incremental");

  const run = await getCheck(stack.deps, viewer, { id: runId });
  expect(run).toMatchObject({ state: "COMPLETED", isVerified: true, method: "row_count", scope: "full" });
  expect(run.counts).toMatchObject({ sourceRows: 300, targetRows: 299, missingInTarget: 1 });
  expect(await differing()).toEqual(["id=3 missing_in_target"]);
}, 60_000);

test("counting closes a row that is there again, also where another one is missing instead", async () => {
  await pipeline.onTarget("insert into TABLE select 3, 'row 3', 4.5, timestamptz '2026-01-01 00:00:03+00'");

  await pipeline.check("full");

  expect(await differing()).toEqual([]);
}, 60_000);

test("the first check after rows were only counted reads every row, and finds the value that counting cannot see", async () => {
  await change({ method: "timestamp_window", timestampColumn: "at" });

  const { runId } = await pipeline.check("incremental");

  expect((await getCheck(stack.deps, viewer, { id: runId })).scope).toBe("full");
  expect(await differing()).toEqual(["id=4 value_mismatch"]);
  await pipeline.onTarget("update TABLE set name = 'row 4' where id = 4");
}, 60_000);

test("a window looks at rows by the time they carry", async () => {
  await pipeline.onSource("update TABLE set at = now(), name = 'fresh' where id = 9");
  await pipeline.check("incremental");
  // Behind this check's mark in the topic row 9 is not touched any more: only the window can lead to it.
  await pipeline.check("incremental");
  await pipeline.onTarget("update TABLE set name = 'changed behind the back' where id = 9");

  const { runId } = await pipeline.check("incremental");

  expect(await getCheck(stack.deps, viewer, { id: runId })).toMatchObject({
    state: "COMPLETED",
    isVerified: true,
    scope: "incremental",
  });
  expect(await differing()).toEqual(["id=9 value_mismatch"]);
}, 90_000);

test("a sample tells an interval, never a clean zero", async () => {
  await change({ method: "sample", sampleRows: 100, timestampColumn: null });

  const { runId } = await pipeline.check("incremental");

  const run = await getCheck(stack.deps, viewer, { id: runId });
  expect(run).toMatchObject({ state: "COMPLETED", isVerified: true, method: "sample" });
  expect(run.counts?.comparedRows).toBeGreaterThanOrEqual(40);
  expect(run.counts?.comparedRows).toBeLessThanOrEqual(200);
  expect(run.interval?.high).toBeGreaterThan(0);
  expect(run.interval?.high).toBeLessThan(1);
}, 60_000);

test("an excluded column is not compared, and listed as such", async () => {
  await change({
    method: "checksum",
    excludedColumns: [{ column: "name", reason: "cleaned on purpose", because: "chosen", until: null }],
  });

  const { runId } = await pipeline.check("full");

  const run = await getCheck(stack.deps, viewer, { id: runId });
  expect(run.unchecked).toContainEqual({ column: "name", reason: "cleaned on purpose" });
  expect(await differing()).toEqual([]);
}, 60_000);
