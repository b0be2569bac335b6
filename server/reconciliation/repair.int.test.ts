import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listAuditEntries } from "#server/audit/list-audit-entries.ts";
import { runPlan } from "#server/connectors/testing/lab-pipeline.ts";
import { observerLoops } from "#server/observability/observer-loops.ts";
import { approvePlan } from "#server/plans/approve-plan.ts";
import { executeRun, RUN_TIMING } from "#server/plans/execute-run.ts";
import { listRunItems } from "#server/plans/list-run-items.ts";
import { startRun } from "#server/plans/start-run.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { ignoreDiscrepancies, reopenDiscrepancies, resolveDiscrepancies } from "./decide-discrepancies.ts";
import { executeCheck } from "./execute-check.ts";
import { endIgnoring } from "./find-tables.ts";
import { getCheckedTable } from "./get-checked-table.ts";
import { listDiscrepancies } from "./list-discrepancies.ts";
import { proposeRepair } from "./propose-repair.ts";
import { recheckRows } from "./recheck-rows.ts";
import { type CheckedPipeline, startCheckedPipeline } from "./testing/checked-pipeline.ts";

let stack: Stack;
let pipeline: CheckedPipeline;
const operator = an("operator", "olga");
const viewer = an("viewer");
const page = { filter: "", sort: "key", page: 1, pageSize: 100 };

beforeAll(async () => {
  stack = await startStack();
  pipeline = await startCheckedPipeline(stack.deps, observerLoops, 200);
}, 400_000);
afterAll(async () => {
  await pipeline?.stop();
  await stack.stop();
}, 120_000);

async function differing(filter = "") {
  const { rows } = await listDiscrepancies(stack.deps, pipeline.engineer, {
    ...page,
    filter,
    tableId: pipeline.tableId,
  });
  return rows.map(({ key, state }) => `${key} ${state}`);
}

test("rows are read again through the pipeline, checked again, and the table is green", async () => {
  await pipeline.onTarget("delete from TABLE where id in (5, 6)");
  await pipeline.onTarget("update TABLE set name = 'wrong' where id = 7");
  await pipeline.check("full");
  expect(await differing()).toEqual(["id=5 open", "id=6 open", "id=7 open"]);

  const { planId, counts } = await proposeRepair(stack.deps, operator, {
    selection: { tableId: pipeline.tableId, filter: "" },
    method: "reread",
  });
  const run = await runPlan(stack.deps, operator, planId);

  expect(counts).toEqual({ rows: 3, upserts: 3, deletes: 0, leftOut: 0 });
  expect([run.end, run.message]).toEqual(["succeeded", "Every step is done"]);
  expect(await differing("state:repaired")).toEqual(["id=5 repaired", "id=6 repaired", "id=7 repaired"]);
  expect(await pipeline.onTarget("select id, name from TABLE where id in (5, 6, 7) order by id")).toEqual([
    { id: 5, name: "row 5" },
    { id: 6, name: "row 6" },
    { id: 7, name: "row 7" },
  ]);
  const items = await listRunItems(stack.deps, operator, { ...page, sort: "", runId: run.runId });
  expect(items.rows.map(({ state, message }) => [state, message])).toEqual(
    Array(3).fill(["succeeded", "Equal at both ends"]),
  );
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  expect(table.verdict.state).toBe("ok");
}, 240_000);

test("rows are written and deleted on the target as compare-and-swap, with a second person for deletes", async () => {
  await pipeline.onTarget("delete from TABLE where id = 20");
  await pipeline.onTarget("update TABLE set price = 999 where id in (21, 22)");
  await pipeline.onTarget("insert into TABLE values (9001, 'extra', 1, now())");
  await pipeline.check("full");
  expect(await differing()).toEqual(["id=20 open", "id=21 open", "id=22 open", "id=9001 open"]);
  const { planId, counts } = await proposeRepair(stack.deps, operator, {
    selection: { tableId: pipeline.tableId, filter: "" },
    method: "write",
  });
  // Somebody changes a row after the plan was made: it must not be overwritten unseen.
  await pipeline.onTarget("update TABLE set price = 5 where id = 22");
  await approvePlan(stack.deps, pipeline.engineer, { id: planId, reason: "they are leftovers" });
  const stored = await pipeline.stored();
  const reason = { reason: "found by the check", typedCount: 4, typedName: stored?.target ?? "" };

  const { runId } = await startRun(stack.deps, operator, { planId, confirmation: reason });
  await stack.deps.pool.query("update runs set not_before = now() where id = $1", [runId]);
  const end = await executeRun(stack.deps, runId, {
    worker: "test",
    stopping: new AbortController().signal,
    timing: RUN_TIMING,
  });

  expect(counts).toEqual({ rows: 4, upserts: 3, deletes: 1, leftOut: 0 });
  expect(end).toBe("succeeded");
  expect(
    await pipeline.onTarget("select id, price::text from TABLE where id in (20, 21, 22, 9001) order by id"),
  ).toEqual([
    { id: 20, price: "30.00" },
    { id: 21, price: "31.50" },
    { id: 22, price: "5.00" },
  ]);
  expect(await differing()).toEqual(["id=22 open"]);
}, 240_000);

test("ignoring has a reason and an end, and ends by itself; resolving and reopening are on the trail", async () => {
  const { deps } = stack;
  const selection = { tableId: pipeline.tableId, filter: "" };
  const until = new Date(deps.now().getTime() + 60_000);

  await ignoreDiscrepancies(deps, operator, { selection, reason: "known", until });
  expect(await differing("state:ignored")).toEqual(["id=22 ignored"]);
  await endIgnoring({ ...deps, now: () => new Date(until.getTime() + 1) });
  expect(await differing()).toEqual(["id=22 open"]);
  await ignoreDiscrepancies(deps, operator, { selection, reason: "known", until });
  await reopenDiscrepancies(deps, operator, {
    selection: { ...selection, filter: "state:ignored" },
    reason: "not any more",
  });
  await resolveDiscrepancies(deps, operator, { selection, reason: "done by hand" });

  expect(await differing()).toEqual([]);
  expect((await getCheckedTable(deps, viewer, { id: pipeline.tableId })).openUnexplained).toBe(0);
  const trail = await listAuditEntries(deps, an("admin"), { ...page, sort: "", filter: "" });
  expect(trail.rows.map(({ action }) => action)).toEqual(
    expect.arrayContaining(["reconciliation.ignore", "reconciliation.reopen", "reconciliation.resolve"]),
  );
  await pipeline.check("incremental");
  await pipeline.check("full");
  expect(await differing()).toEqual(["id=22 open"]);
}, 120_000);

test("chosen rows are compared once more, on their own: what is equal by now is closed", async () => {
  const { deps } = stack;
  await pipeline.onTarget("update TABLE set name = 'wrong' where id in (31, 32)");
  await pipeline.check("full");
  const before = await differing();
  await pipeline.onTarget("update TABLE set name = 'row 31' where id = 31");
  const { rows } = await listDiscrepancies(deps, operator, { ...page, tableId: pipeline.tableId });
  const ids = rows.filter(({ key }) => key === "id=31" || key === "id=32").map(({ id }) => id);

  const { runs } = await recheckRows(deps, operator, { selection: { ids } });
  await expect(recheckRows(deps, operator, { selection: { ids } })).rejects.toMatchObject({
    code: "conflict",
  });
  const end = await executeCheck(deps, runs[0]?.runId ?? "", {
    worker: "test",
    stopping: new AbortController().signal,
  });

  expect(end).toBe("COMPLETED");
  expect(before).toEqual(expect.arrayContaining(["id=31 open", "id=32 open"]));
  expect(await differing()).toEqual(before.filter((row) => row !== "id=31 open"));
  expect(await differing("state:resolved key:id=31")).toEqual(["id=31 resolved"]);
}, 120_000);

test("what another check saw differ while this one ran stays, whichever of them ends last", async () => {
  const { deps } = stack;
  const { rows } = await listDiscrepancies(deps, operator, { ...page, tableId: pipeline.tableId });
  const id = rows.find(({ key }) => key === "id=32")?.id ?? 0;
  await pipeline.onTarget("update TABLE set name = 'row 32' where id = 32");
  const { runs } = await recheckRows(deps, operator, { selection: { ids: [id] } });
  await deps.pool.query(
    `update reconciliation_discrepancies set last_seen = now() + interval '1 hour', last_run_id = $2 where id = $1`,
    [id, randomUUID()],
  );
  const recheck = async (runId = "") =>
    await executeCheck(deps, runId, { worker: "test", stopping: new AbortController().signal });

  expect(await recheck(runs[0]?.runId)).toBe("COMPLETED");
  expect(await differing("key:id=32")).toEqual(["id=32 open"]);

  await deps.pool.query("update reconciliation_discrepancies set last_seen = now() where id = $1", [id]);
  const again = await recheckRows(deps, operator, { selection: { ids: [id] } });
  expect(await recheck(again.runs[0]?.runId)).toBe("COMPLETED");
  expect(await differing("state:open key:id=32")).toEqual([]);
}, 120_000);

test.each([
  ["checking again", () => recheckRows(stack.deps, viewer, { selection: { ids: [1] } })],
  [
    "repairing",
    () =>
      proposeRepair(stack.deps, an("analyst"), {
        selection: { tableId: pipeline.tableId, filter: "" },
        method: "reread",
      }),
  ],
  [
    "ignoring",
    () =>
      ignoreDiscrepancies(stack.deps, an("analyst"), {
        selection: { ids: [1] },
        reason: "x",
        until: new Date(),
      }),
  ],
  ["resolving", () => resolveDiscrepancies(stack.deps, viewer, { selection: { ids: [1] }, reason: "x" })],
])("%s is refused for the wrong role", async (_what, act) => {
  await expect(act()).rejects.toMatchObject({ code: "forbidden" });
});
