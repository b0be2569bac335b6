import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import {
  CLUSTER,
  cleanUp,
  runPlan,
  shopSource,
  sql,
  warehouseSink,
} from "#server/connectors/testing/lab-pipeline.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { analyseStoppedSink } from "./analyse-stopped-sink.ts";
import { deadLetterLoops } from "./dead-letter-loops.ts";
import { getRecord, revealRecord } from "./get-record.ts";
import { listGroups } from "./list-groups.ts";
import { listRecords } from "./list-records.ts";
import { proposeQuarantine } from "./propose-quarantine.ts";
import { proposeReplay } from "./propose-replay.ts";

let stack: Stack;
const stop = new AbortController();
let worker: Promise<unknown>;
const prefix = uniqueName("rp-shop");
const sink = uniqueName("rp-sink");
const table = `letters_${prefix.replaceAll("-", "_")}`;
const schema = sink.replaceAll("-", "_");
const engineer = an("engineer", "ada");
const operator = an("operator", "olga");

beforeAll(async () => {
  stack = await startStack();
  const { deps } = stack;
  await sql("shop", `create table public.${table} (id int primary key, name text)`);
  await sql("shop", `insert into public.${table} select g, 'row ' || g from generate_series(1, 20) g`);
  const [owner] = await sql<{ name: string }>(
    "shop",
    "select tableowner as name from pg_tables where tablename = 'products'",
  );
  await sql("shop", `alter table public.${table} owner to "${owner?.name}"`);
  await sql("warehouse", `create schema "${schema}"`);
  await sql("warehouse", `grant all on schema "${schema}" to public`);
  const source = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: prefix,
    config: shopSource(deps, prefix, [table]),
  });
  expect(await runPlan(deps, engineer, source.planId)).toMatchObject({ end: "succeeded" });
  const drained = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: sink,
    config: warehouseSink(deps, sink, schema, [`${prefix}.public.${table}`]),
  });
  expect(await runPlan(deps, engineer, drained.planId)).toMatchObject({ end: "succeeded" });
  await vi.waitFor(async () => expect(await target()).toHaveLength(20), { timeout: 60_000, interval: 250 });
  await sql(
    "warehouse",
    `alter table "${schema}".${table} add constraint no_bad check (name not like 'bad%')`,
  );
  worker = Promise.all(deadLetterLoops.map((loop) => loop.run(deps, stop.signal)));
});

afterAll(async () => {
  stop.abort();
  await worker;
  await cleanUp(stack.deps, [prefix, sink], [schema]);
  await sql("shop", `drop table if exists public.${table}`);
  await stack.stop();
});

async function target(): Promise<{ id: number; name: string }[]> {
  return await sql<{ id: number; name: string }>(
    "warehouse",
    `select id, name from "${schema}".${table} order by id`,
  ).catch(() => []);
}

/** A row the target refuses, set aside, and there as a dead letter. */
async function deadLetterOf(id: number, name: string): Promise<number> {
  const { deps } = stack;
  await sql(
    "shop",
    `insert into public.${table} values ($1, $2) on conflict (id) do update set name = excluded.name`,
    [id, name],
  );
  const analysis = await vi.waitFor(
    async () => {
      const found = await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink });
      if (!found.record) throw new Error(`not stopped by a record: ${found.state}`);
      return found.record;
    },
    { timeout: 60_000, interval: 250 },
  );
  const { topic, partition, offset } = analysis;
  const { planId } = await proposeQuarantine(deps, operator, {
    cluster: CLUSTER,
    name: sink,
    record: { topic, partition, offset },
    atMost: 1,
    reason: `asked for by Olga: ${["now", "again", "too"][id % 3]}`,
  });
  const run = await runPlan(deps, operator, planId);
  expect(run.end, run.message).toBe("succeeded");
  return await vi.waitFor(
    async () => {
      const { rows } = await listRecords(deps, operator, {
        filter: `connector:${sink} key:${id} status:PENDING`,
        sort: "",
        page: 1,
        pageSize: 10,
      });
      const [row] = rows;
      if (!row) throw new Error("not indexed yet");
      return row.id;
    },
    { timeout: 30_000, interval: 250 },
  );
}

test("from the refused row to the row in the target: quarantine, remedy, replay, RESOLVED", async () => {
  const { deps } = stack;
  const id = await deadLetterOf(101, "bad secret-canary");
  const groups = await listGroups(deps, operator, {
    filter: `connector:${sink}`,
    sort: "",
    page: 1,
    pageSize: 10,
  });
  expect(groups.rows).toMatchObject([
    {
      cause: { id: "quarantined" },
      open: 1,
      keys: 1,
      message: expect.stringMatching(/^Quarantined by Headgate: .*violates check constraint "no_bad"$/),
    },
  ]);
  const shown = await getRecord(deps, operator, { id });
  expect(shown.error.message).toContain("asked for by Olga");
  expect(JSON.stringify(shown)).not.toContain("secret-canary");
  await expect(revealRecord(deps, operator, { id })).rejects.toMatchObject({ code: "forbidden" });
  expect(await revealRecord(deps, engineer, { id })).toMatchObject({
    after: { id: 101, name: "bad secret-canary" },
    from: "kafka",
  });
  await sql("warehouse", `alter table "${schema}".${table} drop constraint no_bad`);

  const proposed = await proposeReplay(deps, operator, {
    cluster: CLUSTER,
    selection: { ids: [id] },
    alsoSend: [],
    canary: 0,
  });
  const run = await runPlan(deps, operator, proposed.planId);

  expect(proposed.counts).toMatchObject({ safe: 1, sent: 1 });
  expect(run.end, run.message).toBe("succeeded");
  expect((await target()).find((row) => row.id === 101)).toEqual({ id: 101, name: "bad secret-canary" });
  expect(await getRecord(deps, operator, { id })).toMatchObject({
    status: "RESOLVED",
    attemptsMade: [{ outcome: "delivered" }],
  });
  const after = await listGroups(deps, operator, {
    filter: `connector:${sink}`,
    sort: "",
    page: 1,
    pageSize: 10,
  });
  expect(after.rows).toMatchObject([{ status: "resolved", open: 0, records: 1 }]);
  await sql("warehouse", `delete from "${schema}".${table} where name like 'bad%'`);
  await sql(
    "warehouse",
    `alter table "${schema}".${table} add constraint no_bad check (name not like 'bad%')`,
  );
});

test("a newer version of the row was delivered meanwhile: the replay refuses to overwrite it", async () => {
  const { deps } = stack;
  const id = await deadLetterOf(102, "bad old version");
  await sql("shop", `update public.${table} set name = 'good new version' where id = 102`);
  await vi.waitFor(
    async () => expect((await target()).find((row) => row.id === 102)?.name).toBe("good new version"),
    { timeout: 30_000, interval: 250 },
  );

  await expect(
    proposeReplay(deps, operator, { cluster: CLUSTER, selection: { ids: [id] }, alsoSend: [], canary: 0 }),
  ).rejects.toMatchObject({
    code: "precondition_failed",
    message: expect.stringContaining("1 superseded"),
  });

  expect((await target()).find((row) => row.id === 102)?.name).toBe("good new version");
});
