import { fork } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { databases } from "#db/schema/databases.ts";
import { reconciliationRuns, reconciliationTables } from "#db/schema/reconciliation.ts";
import type { TableSettings } from "#domain/reconciliation/schema.ts";
import { CLUSTER } from "#server/connectors/testing/lab-pipeline.ts";
import { observerLoops } from "#server/observability/observer-loops.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { abortCheck } from "./abort-check.ts";
import { executeCheck } from "./execute-check.ts";
import { getCheckedTable } from "./get-checked-table.ts";
import { getCheck } from "./list-checks.ts";
import { listDiscrepancies } from "./list-discrepancies.ts";
import { scheduleChecks } from "./schedule-checks.ts";
import { startCheck } from "./start-check.ts";
import { type CheckedPipeline, startCheckedPipeline } from "./testing/checked-pipeline.ts";
import { updateSettings } from "./update-settings.ts";

let stack: Stack;
let pipeline: CheckedPipeline;
const viewer = an("viewer");
const operator = an("operator", "olga");
const forever = new AbortController().signal;

beforeAll(async () => {
  stack = await startStack();
  pipeline = await startCheckedPipeline(stack.deps, observerLoops, 15_000);
}, 400_000);
afterAll(async () => {
  await pipeline?.stop();
  await stack.stop();
}, 120_000);

/** A TCP way to a server that can be cut. */
async function startProxy(host: string, port: number, cutAfterBytes = Number.POSITIVE_INFINITY) {
  const sockets = new Set<Socket>();
  let passed = 0;
  const server: Server = createServer((socket) => {
    const upstream = connect(port, host);
    for (const end of [socket, upstream]) {
      sockets.add(end);
      end.on("error", () => undefined).on("close", () => sockets.delete(end));
    }
    socket.pipe(upstream);
    upstream.on("data", (chunk) => {
      passed += chunk.length;
      if (passed > cutAfterBytes) {
        socket.destroy();
        upstream.destroy();
        server.close();
      } else socket.write(chunk);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function moveDatabase(name: string, port: number): Promise<number> {
  const [before] = await stack.deps.db.select().from(databases).where(eq(databases.name, name));
  await stack.deps.db
    .update(databases)
    .set({ port, version: (before?.version ?? 1) + 1 })
    .where(eq(databases.name, name));
  return before?.port ?? 0;
}

async function differing(): Promise<string[]> {
  const input = { filter: "", sort: "key", page: 1, pageSize: 100, tableId: pipeline.tableId };
  return (await listDiscrepancies(stack.deps, viewer, input)).rows.map(({ key }) => key);
}

test("a source that goes away in the middle ends the run FAILED, named, and no difference is invented", async () => {
  const port = await moveDatabase("shop", 1);
  const proxy = await startProxy("127.0.0.1", port, 12_000);
  await moveDatabase("shop", proxy.port);

  const { runId, end } = await pipeline.check("full");

  const run = await getCheck(stack.deps, viewer, { id: runId });
  await moveDatabase("shop", port);
  proxy.stop();
  expect(end).toBe("FAILED");
  expect(run).toMatchObject({ state: "FAILED", failedAt: "source" });
  expect(run.message).toContain("source");
  expect(await differing()).toEqual([]);
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  expect(table.verdict.state).toBe("not_verifiable");
  expect(table.alerts.map(({ name }) => name)).toEqual(["ReconciliationJobFailed"]);
});

test("a target that cannot be reached is named too", async () => {
  const port = await moveDatabase("warehouse", 1);

  const { runId } = await pipeline.check("full");

  await moveDatabase("warehouse", port);
  expect(await getCheck(stack.deps, viewer, { id: runId })).toMatchObject({
    state: "FAILED",
    failedAt: "target",
  });
});

test("while the sink is paused nothing is verifiable, and nothing differs", async () => {
  const connectors = stack.deps.connect(CLUSTER);
  await connectors.pause(pipeline.sink);
  await vi.waitFor(async () =>
    expect((await connectors.status(pipeline.sink)).connector.state).toBe("PAUSED"),
  );
  await pipeline.onSource("update TABLE set name = 'on its way' where id = 1");

  const { runId, end } = await pipeline.check("full");

  const run = await getCheck(stack.deps, viewer, { id: runId });
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  await connectors.resume(pipeline.sink);
  expect(end).toBe("COMPLETED");
  expect(run).toMatchObject({ isVerified: false, unexplainedPercent: null });
  expect(run.message).toContain("paused");
  expect(table.verdict.state).toBe("not_verifiable");
  expect(await differing()).toEqual([]);
}, 60_000);

test("a run is aborted while it waits and while it works; its trail names who did it", async () => {
  const start = async () =>
    (await startCheck(stack.deps, operator, { tables: { ids: [pipeline.tableId] }, scope: "full" })).runs[0]
      ?.runId ?? "";
  const waiting = await start();
  await abortCheck(stack.deps, operator, { id: waiting });
  const working = await start();
  const slow = await updateSettings(stack.deps, pipeline.engineer, {
    id: pipeline.tableId,
    version: 1,
    settings: { throttle: { rowsPerSecond: 1_000, statementSeconds: 30, pauseAboveSessions: null } },
  });
  const ending = executeCheck(stack.deps, working, {
    worker: "test",
    stopping: forever,
    timing: { ttlMs: 2_000, renewMs: 100 },
  });
  await vi.waitFor(async () =>
    expect((await getCheck(stack.deps, viewer, { id: working })).state).toBe("RUNNING"),
  );
  await abortCheck(stack.deps, operator, { id: working });

  expect(await ending).toBe("FAILED");
  for (const id of [waiting, working])
    expect(await getCheck(stack.deps, viewer, { id })).toMatchObject({
      state: "FAILED",
      failedAt: "aborted",
      message: expect.stringContaining("Aborted by olga"),
    });
  await expect(abortCheck(stack.deps, viewer, { id: working })).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    updateSettings(stack.deps, operator, { id: pipeline.tableId, version: slow.version, settings: {} }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await updateSettings(stack.deps, pipeline.engineer, {
    id: pipeline.tableId,
    version: slow.version,
    settings: { throttle: { rowsPerSecond: null, statementSeconds: 30, pauseAboveSessions: null } },
  });
}, 60_000);

test("a worker that is killed in the middle leaves the run to the next one, which comes to the same result", async () => {
  await pipeline.onTarget("delete from TABLE where id in (100, 7000, 14999)");
  const { runs } = await startCheck(stack.deps, operator, {
    tables: { ids: [pipeline.tableId] },
    scope: "full",
  });
  const runId = runs[0]?.runId ?? "";
  const child = fork(
    fileURLToPath(new URL("./testing/check-until-killed.ts", import.meta.url)),
    [stack.databaseUrl, runId],
    {
      execPath: "node_modules/.bin/node",
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  );
  await vi.waitFor(
    async () => {
      const [run] = await stack.deps.db
        .select()
        .from(reconciliationRuns)
        .where(eq(reconciliationRuns.id, runId));
      if (!run?.checkpoint) throw new Error("nothing done yet");
    },
    { timeout: 30_000, interval: 20 },
  );
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(await getCheck(stack.deps, viewer, { id: runId })).toMatchObject({ state: "RUNNING" });

  const end = await vi.waitFor(
    async () => {
      const result = await executeCheck(stack.deps, runId, { worker: "second", stopping: forever });
      if (result === "not_claimed") throw new Error("the dead worker still holds it");
      return result;
    },
    { timeout: 30_000, interval: 300 },
  );

  expect(end).toBe("COMPLETED");
  const run = await getCheck(stack.deps, viewer, { id: runId });
  expect(run).toMatchObject({ isVerified: true, attempts: 2, openUnexplained: 3 });
  expect(await differing()).toEqual(["id=100", "id=14999", "id=7000"]);
}, 90_000);

test("the clock starts what is due, once, whoever looks", async () => {
  await stack.deps.db
    .update(reconciliationTables)
    .set({ nextRunAt: new Date(stack.deps.now().getTime() - 1_000), nextFullAt: null })
    .where(eq(reconciliationTables.id, pipeline.tableId));

  const queued = await Promise.all([scheduleChecks(stack.deps), scheduleChecks(stack.deps)]);

  expect(queued.reduce((sum, count) => sum + count, 0)).toBe(1);
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  expect(table.running).toMatchObject({ state: "QUEUED", scope: "incremental" });
  expect(table.nextRunAt?.getTime()).toBeGreaterThan(stack.deps.now().getTime());
});

test("a schedule that cannot be read is refused at its field", async () => {
  const table = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });

  await expect(
    updateSettings(stack.deps, pipeline.engineer, {
      id: pipeline.tableId,
      version: table.version,
      settings: { schedule: "99 * * * *", timeZone: "Europe/Berlin" },
    }),
  ).rejects.toMatchObject({ code: "invalid", problems: [{ path: "schedule" }] });
});

const leftOut = (column: string, until: Date | null = null) => ({
  column,
  reason: "agreed",
  because: "chosen" as const,
  until,
});
async function configure(settings: Partial<TableSettings>) {
  const { version } = await getCheckedTable(stack.deps, viewer, { id: pipeline.tableId });
  return updateSettings(stack.deps, pipeline.engineer, { id: pipeline.tableId, version, settings });
}

test.each([
  ["a column that neither end has", { excludedColumns: [leftOut("nmae")] }, "excludedColumns.0.column"],
  ["a column of the key", { excludedColumns: [leftOut("name"), leftOut("id")] }, "excludedColumns.1.column"],
  ["a column twice", { excludedColumns: [leftOut("name"), leftOut("name")] }, "excludedColumns.1.column"],
  ["an end that is over", { excludedColumns: [leftOut("name", new Date(0))] }, "excludedColumns.0.until"],
  ["hours that end when they begin", { window: { from: "22:00", to: "22:00" } }, "window"],
])("settings with %s are refused at their field", async (_what, settings, path) => {
  await expect(configure(settings)).rejects.toMatchObject({ code: "invalid", problems: [{ path }] });
});

test("where an end cannot be read, the settings are saved and it is said what nobody could check", async () => {
  const port = await moveDatabase("shop", 1);
  const saved = await configure({ excludedColumns: [leftOut("nmae")] });
  await moveDatabase("shop", port);
  const targetPort = await moveDatabase("warehouse", 1);
  const bySource = await configure({ excludedColumns: [leftOut("name")] });
  await moveDatabase("warehouse", targetPort);
  const undone = await configure({ excludedColumns: [] });

  expect(saved).toMatchObject({
    settings: { excludedColumns: [{ column: "nmae" }] },
    unchecked: expect.stringMatching(/^Whether the table has nmae.* could not be checked: The source/),
  });
  expect([bySource.unchecked, undone.unchecked]).toEqual([null, null]);
});

test.each([
  ["starting", () => startCheck(stack.deps, viewer, { tables: { ids: [pipeline.tableId] }, scope: "full" })],
])("%s is refused for the wrong role", async (_what, act) => {
  await expect(act()).rejects.toMatchObject({ code: "forbidden" });
});
