import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { PlanDraft } from "#domain/plans/schema.ts";
import type { Deps } from "#server/deps.ts";
import { abortRun } from "#server/plans/abort-run.ts";
import { getRun } from "#server/plans/get-run.ts";
import { planKindsOf } from "#server/plans/plan-kinds.ts";
import { proposePlan } from "#server/plans/propose-plan.ts";
import { startRun } from "#server/plans/start-run.ts";
import {
  aStep,
  createScratchEngine,
  scratchDraft,
  scratchKind,
  scratchWrites,
} from "#server/plans/testing/scratch-kind.ts";
import { an, type Stack, startStack } from "#server/testing/stack.ts";
import { openTcpDoor } from "./testing/tcp-door.ts";
import { getWorkerStatus } from "./worker-presence.ts";

const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const child = fileURLToPath(new URL("./testing/worker-child.ts", import.meta.url));
const ada = an("engineer", "ada");

let stack: Stack;
let deps: Deps;
const workers: { process: ChildProcess; output: string }[] = [];

beforeAll(async () => {
  stack = await startStack();
  deps = { ...stack.deps, planKinds: planKindsOf([scratchKind]) };
  await createScratchEngine(deps);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await end(worker.process, "SIGKILL");
});
afterAll(() => stack.stop());

async function startWorker(databaseUrl = stack.databaseUrl) {
  const process_ = spawn(node, [child, databaseUrl], { stdio: ["ignore", "pipe", "pipe"] });
  const worker = { process: process_, output: "" };
  for (const stream of [process_.stdout, process_.stderr])
    stream.on("data", (chunk: Buffer) => {
      worker.output += chunk.toString();
    });
  workers.push(worker);
  return worker;
}

async function end(process_: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (process_.exitCode === null && process_.signalCode === null) {
    const exited = once(process_, "exit");
    process_.kill(signal);
    await exited;
  }
  return process_.exitCode;
}

async function started(draft: Partial<PlanDraft> = {}): Promise<string> {
  const { id: planId } = await proposePlan(deps, ada, scratchDraft(draft));
  const { runId } = await startRun(deps, ada, { planId, confirmation: {} });
  return runId;
}

const stateOf = async (id: string) => (await getRun(deps, ada, { id })).state;
const within = (timeout: number) => ({ timeout, interval: 50 });

test("a run started before any worker was there is done when one comes, and the worker is known", async () => {
  const runId = await started();

  await startWorker();

  await expect.poll(() => stateOf(runId), within(30_000)).toBe("succeeded");
  await expect.poll(() => getWorkerStatus(deps, ada), within(5_000)).toMatchObject({ running: 1 });
});

test("a waiting worker takes a run at once", async () => {
  const worker = await startWorker();
  await expect.poll(() => worker.output, within(30_000)).toContain("worker is ready");
  const from = performance.now();

  const runId = await started();
  await expect.poll(() => stateOf(runId), within(10_000)).toBe("succeeded");

  expect(performance.now() - from).toBeLessThan(2_000);
});

test("a killed worker's run goes on in another worker", async () => {
  const first = await startWorker();
  const runId = await started({ steps: [aStep("a"), aStep("w", { behaviour: "wait" })] });
  await expect
    .poll(async () => (await getRun(deps, ada, { id: runId })).steps[1]?.note, within(30_000))
    .toBe("waiting");

  await end(first.process, "SIGKILL");
  await startWorker();

  await expect
    .poll(async () => (await getRun(deps, ada, { id: runId })).steps[1]?.attempts, within(40_000))
    .toBe(2);
  await abortRun(deps, ada, { id: runId });
  await expect.poll(() => stateOf(runId), within(10_000)).toBe("aborted");
  expect(await scratchWrites(deps, runId)).toEqual(["a"]);
});

test("a stopped worker ends within ten seconds, gives its run back and says that it left", async () => {
  const worker = await startWorker();
  const runId = await started({ steps: [aStep("w", { behaviour: "wait" })] });
  await expect
    .poll(async () => (await getRun(deps, ada, { id: runId })).steps[0]?.note, within(30_000))
    .toBe("waiting");
  const from = performance.now();

  expect(await end(worker.process, "SIGTERM")).toBe(0);

  expect(performance.now() - from).toBeLessThan(10_000);
  const run = await getRun(deps, ada, { id: runId });
  expect([run.state, run.worker]).toEqual(["running", null]);
  await abortRun(deps, ada, { id: runId });
  await startWorker();
  await expect.poll(() => stateOf(runId), within(30_000)).toBe("aborted");
});

test("a worker waits for a state database that is away, at the start and later, and goes on without a restart", async () => {
  const url = new URL(stack.databaseUrl);
  const door = await openTcpDoor({ host: url.hostname, port: Number(url.port) });
  await door.shut();
  url.port = String(door.port);
  const worker = await startWorker(url.href);
  await expect
    .poll(() => worker.output, within(30_000))
    .toContain("does not answer; the worker waits for it");

  await door.open();
  await expect.poll(() => worker.output, within(30_000)).toContain("worker is ready");
  const before = await started();
  await expect.poll(() => stateOf(before), within(10_000)).toBe("succeeded");

  const during = await started({ steps: [aStep("a"), aStep("w", { behaviour: "wait" })] });
  await expect
    .poll(async () => (await getRun(deps, ada, { id: during })).steps[1]?.note, within(10_000))
    .toBe("waiting");
  await door.shut();
  const later = await started();
  await expect.poll(() => worker.output, within(20_000)).toContain("a loop failed");
  await door.open();

  await expect.poll(() => stateOf(later), within(60_000)).toBe("succeeded");
  await abortRun(deps, ada, { id: during });
  await expect.poll(() => stateOf(during), within(60_000)).toBe("aborted");
  expect(await scratchWrites(deps, during)).toEqual(["a"]);
  expect(worker.process.exitCode).toBeNull();
  await end(worker.process, "SIGKILL");
  await door.shut();
});

test("two workers starting at the same time migrate an empty database once", async () => {
  const name = `hg_two_${process.pid}_${Date.now()}`;
  await deps.pool.query(`create database ${name}`);
  const url = new URL(stack.databaseUrl);
  url.pathname = `/${name}`;

  const both = await Promise.all([startWorker(url.href), startWorker(url.href)]);

  for (const worker of both)
    await expect.poll(() => worker.output, within(30_000)).toContain("worker is ready");
  for (const worker of both) expect(await end(worker.process, "SIGTERM")).toBe(0);
  await deps.pool.query(`drop database ${name} with (force)`);
});
