import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectorVersions } from "#db/schema/connectors.ts";
import { createDeps } from "#server/deps.ts";
import { createLog } from "#server/log.ts";
import { executeRun } from "#server/plans/execute-run.ts";
import { getRun } from "#server/plans/get-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { QUICK_TIMING } from "#server/plans/testing/quick-timing.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { proposeCreate } from "./propose-create.ts";
import { cuttingProxy } from "./testing/cutting-proxy.ts";
import { CLUSTER, cleanUp, shopSource } from "./testing/lab-pipeline.ts";

let stack: Stack;
const made: string[] = [];
const ada = an("engineer", "ada");
const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const child = fileURLToPath(new URL("./testing/crash-child.ts", import.meta.url));

beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await cleanUp(stack.deps, made);
  await stack.stop();
});

async function startedCreate(name: string): Promise<string> {
  made.push(name);
  const { planId } = await proposeCreate(stack.deps, ada, {
    cluster: CLUSTER,
    name,
    config: { ...shopSource(stack.deps, name, ["products"]), "snapshot.mode": "no_data" },
  });
  return (await startRun(stack.deps, ada, { planId, confirmation: {} })).runId;
}

/** As the next worker does, once the dead one's lease has ended. */
async function finish(runId: string): Promise<void> {
  const options = { worker: "next", stopping: new AbortController().signal, timing: QUICK_TIMING };
  await expect
    .poll(() => executeRun(stack.deps, runId, options), { timeout: 60_000, interval: 300 })
    .not.toBe("not_claimed");
}

async function expectMadeOnce(runId: string, name: string): Promise<void> {
  const run = await getRun(stack.deps, ada, { id: runId });
  expect(run.steps.map((step) => [step.key, step.state])).toEqual([
    ["topics", "succeeded"],
    ["create", "succeeded"],
    ["version", "succeeded"],
    ["running", "succeeded"],
  ]);
  expect(run.state).toBe("succeeded");
  const versions = await stack.deps.db
    .select()
    .from(connectorVersions)
    .where(eq(connectorVersions.name, name));
  expect(versions.map((version) => version.version)).toEqual([1]);
  expect(Object.keys(await stack.deps.connect(CLUSTER).list()).filter((each) => each === name)).toEqual([
    name,
  ]);
}

describe("a worker killed while it creates a connector", () => {
  const points = ["step-marked", "step-acted", "step-recorded"].flatMap((point) =>
    [1, 2, 3, 4].map((nth) => ({ point, nth })),
  );

  test.each(points)(
    "at $point of step $nth: the next one settles it, and it is made once",
    async ({ point, nth }) => {
      const name = uniqueName(`it-kill-${nth}`);
      const runId = await startedCreate(name);
      const args = [child, stack.databaseUrl, JSON.stringify(stack.deps.config), runId, point, String(nth)];

      const [, signal] = await once(spawn(node, args, { stdio: "ignore" }), "exit");
      await finish(runId);

      expect(signal).toBe("SIGKILL");
      await expectMadeOnce(runId, name);
    },
  );
});

test("Connect that acts and dies before it answers: the run looks, and does not create twice", async () => {
  const name = uniqueName("it-cut");
  const runId = await startedCreate(name);
  const [cluster] = stack.deps.config.clusters;
  if (!cluster) throw new Error("the lab has no cluster");
  const proxy = await cuttingProxy(cluster.connect.url, (request) => request.startsWith("POST /connectors "));
  const deps = createDeps({
    databaseUrl: stack.databaseUrl,
    config: { clusters: [{ ...cluster, connect: { ...cluster.connect, url: proxy.url } }] },
    log: createLog("error", "test"),
    observe: { connectMs: 1000, progressMs: 1000 },
  });

  const end = await executeRun(deps, runId, {
    worker: "cut",
    stopping: new AbortController().signal,
    timing: QUICK_TIMING,
  });

  expect(end).toBe("succeeded");
  expect(proxy.cuts()).toBe(1);
  await expectMadeOnce(runId, name);
  await deps.pool.end();
  await proxy.close();
});
