import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addToQuarantine, quarantinedBy } from "#domain/dead-letters/quarantine-list.ts";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import {
  CLUSTER,
  cleanUp,
  runPlan,
  shopSource,
  sql,
  warehouseSink,
} from "#server/connectors/testing/lab-pipeline.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { executeRun } from "#server/plans/execute-run.ts";
import { getRun } from "#server/plans/get-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { QUICK_TIMING } from "#server/plans/testing/quick-timing.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { analyseStoppedSink } from "./analyse-stopped-sink.ts";
import { cleanQuarantineLists } from "./clean-quarantine.ts";
import { proposeIsolation } from "./propose-isolation.ts";
import { deadLetterSettings } from "./quarantine-steps.ts";

let stack: Stack;
const prefix = uniqueName("is-shop");
const sink = uniqueName("is-sink");
const own = `${sink}-own`;
const sick = `sick_${prefix.replaceAll("-", "_")}`;
const well = `well_${prefix.replaceAll("-", "_")}`;
const schema = sink.replaceAll("-", "_");
const topic = `${prefix}.public.${sick}`;
const engineer = an("engineer", "ada");
const operator = an("operator", "olga");
const node = fileURLToPath(new URL("../../node_modules/.bin/node", import.meta.url));
const child = fileURLToPath(new URL("../connectors/testing/crash-child.ts", import.meta.url));

beforeAll(async () => {
  stack = await startStack();
  const [owner] = await sql<{ name: string }>(
    "shop",
    "select tableowner as name from pg_tables where tablename = 'products'",
  );
  for (const table of [sick, well]) {
    await sql("shop", `create table public.${table} (id int primary key, name text)`);
    await sql("shop", `alter table public.${table} owner to "${owner?.name}"`);
    await insert(table, 1, 20);
  }
  await sql("warehouse", `create schema "${schema}"`);
  await sql("warehouse", `grant all on schema "${schema}" to public`);
  const { deps } = stack;
  const source = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: prefix,
    config: shopSource(deps, prefix, [sick, well]),
  });
  expect(await runPlan(deps, engineer, source.planId)).toMatchObject({ end: "succeeded" });
  // Plain inserts: an event that is read twice would stop the sink instead of going unnoticed.
  const config = warehouseSink(deps, sink, schema, [topic, `${prefix}.public.${well}`]);
  const drained = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: sink,
    config: { ...config, "insert.mode": "insert" },
  });
  expect(await runPlan(deps, engineer, drained.planId)).toMatchObject({ end: "succeeded" });
  for (const table of [sick, well])
    await vi.waitFor(async () => expect(await rowsOf(table)).toBe(20), { timeout: 60_000, interval: 250 });
  await sql(
    "warehouse",
    `alter table "${schema}".${sick} add constraint no_bad check (name not like 'bad%')`,
  );
});

afterAll(async () => {
  await cleanUp(stack.deps, [own, prefix, sink], [schema]);
  for (const table of [sick, well]) await sql("shop", `drop table if exists public.${table}`);
  await stack.stop();
});

async function insert(table: string, from: number, to: number): Promise<void> {
  await sql(
    "shop",
    `insert into public.${table} select g, 'row ' || g from generate_series(${from}, ${to}) g`,
  );
}

async function rowsOf(table: string): Promise<number> {
  const rows = await sql<{ n: number }>(
    "warehouse",
    `select count(*)::int as n from "${schema}".${table}`,
  ).catch(() => []);
  return rows[0]?.n ?? 0;
}

function badRecord(name: string) {
  return vi.waitFor(
    async () => {
      const { record } = await analyseStoppedSink(stack.deps, operator, { cluster: CLUSTER, name });
      if (!record) throw new Error(`${name} is not stopped by a record`);
      return record;
    },
    { timeout: 60_000, interval: 250 },
  );
}

test("a sink that cannot be divided is refused in words", async () => {
  await expect(
    proposeIsolation(stack.deps, an("viewer"), { cluster: CLUSTER, name: sink, topic }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    proposeIsolation(stack.deps, operator, { cluster: CLUSTER, name: sink, topic: "elsewhere" }),
  ).rejects.toMatchObject({ code: "precondition_failed" });
});

test("a table in trouble gets a sink of its own, with a worker killed after every other step; no event is lost or read twice", {
  timeout: 400_000,
}, async () => {
  const { deps } = stack;
  await sql("shop", `insert into public.${sick} values (100, 'bad row')`);
  await badRecord(sink);
  await insert(sick, 101, 110);
  await insert(well, 101, 140);
  const { planId, newName } = await proposeIsolation(deps, operator, {
    cluster: CLUSTER,
    name: sink,
    topic,
    newName: own,
  });
  expect(newName).toBe(own);

  const { runId } = await startRun(deps, operator, {
    planId,
    confirmation: { reason: "one row holds up another table", typedCount: 1 },
  });
  let kills = 0;
  for (let round = 0; round < 12; round += 1) {
    const args = [child, stack.databaseUrl, JSON.stringify(deps.config), runId, "step-acted", "2"];
    const [, signal] = await once(spawn(node, args, { stdio: "ignore" }), "exit");
    if (signal === "SIGKILL") kills += 1;
    // A worker that was starved of its lease gives the run back: the next one takes it.
    else if ((await getRun(deps, operator, { id: runId })).state === "succeeded") break;
    // The lease of the killed worker has to end before the next one may go on.
    await vi.waitFor(
      async () => {
        const { rows } = await deps.pool.query("select 1 from runs where id = $1 and lease_until > now()", [
          runId,
        ]);
        expect(rows).toEqual([]);
      },
      { timeout: 10_000, interval: 100 },
    );
  }
  await executeRun(deps, runId, {
    worker: "last",
    stopping: new AbortController().signal,
    timing: QUICK_TIMING,
  });

  const run = await getRun(deps, operator, { id: runId });
  expect(run.state, JSON.stringify(run.steps.map((step) => [step.key, step.state, step.message]))).toBe(
    "succeeded",
  );
  expect(kills).toBeGreaterThanOrEqual(3);
  expect((await deps.connect(CLUSTER).config(sink)).topics).toBe(`${prefix}.public.${well}`);
  expect((await deps.connect(CLUSTER).config(own)).topics).toBe(topic);
  await vi.waitFor(async () => expect(await rowsOf(well)).toBe(60), { timeout: 60_000, interval: 250 });
  expect((await deps.connect(CLUSTER).status(sink)).tasks.map((task) => task.state)).toEqual(["RUNNING"]);
  // The sick table still waits behind its row, in a sink of its own.
  expect(await badRecord(own)).toMatchObject({ topic, key: "id=100" });
});

test("an entry that no run took off the list is taken off once the sink is past it, and the rest has arrived", async () => {
  const { deps } = stack;
  const connect = deps.connect(CLUSTER);
  const record = await badRecord(own);
  const settings = deadLetterSettings(deps, CLUSTER, own);
  const entry = addToQuarantine(await connect.config(own), [record], "by hand", settings);
  await throughRebalance(() => connect.patchConfig(own, entry));
  await vi.waitFor(
    async () => {
      await connect.restart(own, { onlyFailed: true });
      // Each partition gets a row behind the one that was set aside.
      expect(await rowsOf(sick)).toBe(30);
    },
    { timeout: 60_000, interval: 3_000 },
  );
  const at = new Date(Date.now() - 120_000);
  await storeObserved(deps, {
    cluster: CLUSTER,
    name: own,
    type: "sink",
    config: await connect.config(own),
    seenAt: at,
    changedAt: at,
    stateChangedAt: at,
  });
  expect(quarantinedBy(await connect.config(own))).toHaveLength(1);
  await insert(sick, 200, 240);

  await vi.waitFor(async () => expect(await cleanQuarantineLists(deps)).toBe(1), {
    timeout: 90_000,
    interval: 500,
  });

  expect(await connect.config(own)).not.toHaveProperty("transforms");
  await vi.waitFor(async () => expect(await rowsOf(sick)).toBe(71), { timeout: 60_000, interval: 250 });
  expect(await cleanQuarantineLists(deps)).toBe(0);
});
