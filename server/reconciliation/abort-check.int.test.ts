import { randomUUID } from "node:crypto";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { reconciliationRuns } from "#db/schema/reconciliation.ts";
import { createConnectClient } from "#server/kafka-connect/client.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { abortCheck } from "./abort-check.ts";
import { getCheck } from "./list-checks.ts";
import { recheckRows } from "./recheck-rows.ts";
import { repairPlanKind } from "./repair-steps.ts";
import { storeOpenRows, storeRun, storeTable } from "./testing/stored-check.ts";

let stack: Stack;
const operator = an("operator", "olga");
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const registered = () => ({ sourceDatabaseId: randomUUID(), targetDatabaseId: randomUUID() });

test("a look at chosen rows can be aborted; a repair's own look is aborted with the repair", async () => {
  const { deps } = stack;
  const table = await storeTable(deps, registered());
  await storeOpenRows(deps, table.id, [1]);
  const { runs } = await recheckRows(deps, operator, { selection: { tableId: table.id, filter: "" } });
  const chosen = runs[0]?.runId ?? "";
  const repair = await storeRun(deps, table.id, { scope: "keys", trigger: "repair", keys: ["1"] });

  await abortCheck(deps, operator, { id: chosen });

  expect(await getCheck(deps, operator, { id: chosen })).toMatchObject({
    state: "FAILED",
    failedAt: "aborted",
    message: "Aborted by olga before it began",
  });
  await expect(abortCheck(deps, operator, { id: repair.run.id })).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("belongs to a repair"),
  });
});

/** A repair's second step on a table of its own, whose check can be waited for and aborted. */
async function repairChecking() {
  const deps = {
    ...stack.deps,
    connect: () => createConnectClient({ cluster: "lab", baseUrl: "http://127.0.0.1:9", timeoutMs: 1_000 }),
  };
  const table = await storeTable(deps, registered());
  const abort = new AbortController();
  const start = () =>
    repairPlanKind.runStep(
      {
        deps,
        actor: operator,
        planId: randomUUID(),
        runId: randomUUID(),
        stepPosition: 0,
        signal: abort.signal,
        workerSignal: new AbortController().signal,
        progress: () => Promise.resolve(),
        recordItems: () => Promise.resolve(),
      },
      {
        key: "check",
        title: "Check exactly these rows again",
        input: { do: "check", repairId: randomUUID(), tableId: table.id, method: "reread" },
      },
    );
  const ofRepair = async () => {
    const runs = await deps.db
      .select()
      .from(reconciliationRuns)
      .where(eq(reconciliationRuns.tableId, table.id));
    return runs.find(({ trigger }) => trigger === "repair");
  };
  const reached = (state: string) =>
    vi.waitFor(async () => expect((await ofRepair())?.state).toBe(state), { timeout: 10_000, interval: 20 });
  return { deps, table, abort, start, ofRepair, reached };
}

test("a repair that is aborted while its check waits for a place leaves no open check", async () => {
  const { deps, table, abort, start, ofRepair, reached } = await repairChecking();
  for (const scope of ["full", "incremental"] as const) {
    const busy = await storeTable(deps, { sourceDatabaseId: table.sourceDatabaseId });
    await storeRun(deps, busy.id, { scope });
  }
  const step = start();
  await reached("QUEUED");

  abort.abort(new Error("the repair is aborted"));

  await expect(step).rejects.toThrow();
  expect(await ofRepair()).toMatchObject({ state: "FAILED", failedAt: "aborted", leaseToken: null });
});

test("a repair that is aborted while its check works leaves no open check", async () => {
  const { deps, abort, start, ofRepair, reached } = await repairChecking();
  // The check stands still where it looks up its databases.
  const holder = await deps.pool.connect();
  await holder.query("begin; lock table databases in access exclusive mode");
  const step = start();
  try {
    await reached("RUNNING");
    abort.abort(new Error("the repair is aborted"));
  } finally {
    await holder.query("rollback");
    holder.release();
  }

  await expect(step).rejects.toThrow("the repair is aborted");
  expect(await ofRepair()).toMatchObject({
    state: "FAILED",
    failedAt: "aborted",
    leaseToken: null,
    endedAt: expect.any(Date),
  });
});
