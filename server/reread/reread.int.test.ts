import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { DatabaseDraft } from "#domain/databases/schema.ts";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import {
  CLUSTER,
  cleanUp,
  runPlan,
  shopSource,
  sql,
  warehouseSink,
} from "#server/connectors/testing/lab-pipeline.ts";
import { registerDatabase } from "#server/databases/register-database.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { an, readLabFile, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { findRereadSource } from "./find-reread-source.ts";
import { rereadRows } from "./reread-rows.ts";

let stack: Stack;
const prefix = uniqueName("rr-shop");
const sink = uniqueName("rr-sink");
const table = `rows_${prefix.replaceAll("-", "_")}`;
const schema = sink.replaceAll("-", "_");
const topic = `${prefix}.public.${table}`;
const engineer = an("engineer", "ada");
const signal = new AbortController().signal;

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
  const created = await runPlan(deps, engineer, source.planId);
  expect(created.end, created.message).toBe("succeeded");
  const drained = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: sink,
    config: warehouseSink(deps, sink, schema, [topic]),
  });
  const drains = await runPlan(deps, engineer, drained.planId);
  expect(drains.end, drains.message).toBe("succeeded");
  await vi.waitFor(async () => expect(await target()).toHaveLength(20), { timeout: 60_000, interval: 250 });
  await storeObserved(stack.deps, {
    name: prefix,
    type: "source",
    config: shopSource(deps, prefix, [table]),
  });
  await register("source");
});

afterAll(async () => {
  await cleanUp(stack.deps, [prefix, sink], [schema]);
  await sql("shop", `drop table if exists public.${table}`);
  await stack.stop();
});

async function register(role: "source" | "target"): Promise<void> {
  const { postgres } = readLabFile<{
    postgres: Record<"source" | "target", { host: string; port: number }>;
  }>("endpoints.json");
  const database = role === "source" ? "shop" : "warehouse";
  await registerDatabase(
    stack.deps,
    engineer,
    DatabaseDraft.parse({
      name: uniqueName(database),
      engine: "postgresql",
      host: "127.0.0.1",
      port: postgres[role].port,
      databaseName: database,
      tlsMode: "disable",
      cluster: "lab",
      role,
      connectorUserRef: `vault://secret/connectors/${database}#username`,
      connectorPasswordRef: `vault://secret/connectors/${database}#password`,
      readonlyUserRef: `vault://secret/headgate/${database}#username`,
      readonlyPasswordRef: `vault://secret/headgate/${database}#password`,
    }),
  );
}

async function target(): Promise<number[]> {
  const rows = await sql<{ id: number }>(
    "warehouse",
    `select id from "${schema}".${table} order by id`,
  ).catch(() => []);
  return rows.map((row) => row.id);
}

test("rows that the target lost come back through the pipeline; one that the source does not have is told", async () => {
  const { deps } = stack;
  await sql("warehouse", `delete from "${schema}".${table} where id in (5, 6, 7)`);

  const source = await findRereadSource(deps, { cluster: CLUSTER, topic });
  const arrival = await rereadRows(deps, engineer, source, [{ id: 5 }, { id: 6 }, { id: 7 }, { id: 999 }], {
    signal,
  });

  expect(arrival.arrived.map(({ key }) => key.id).sort()).toEqual([5, 6, 7]);
  expect(arrival).toMatchObject({ missing: [{ id: 999 }], isComplete: true });
  await vi.waitFor(async () => expect(await target()).toHaveLength(20), { timeout: 30_000, interval: 250 });
}, 240_000);

test("a source that listens for no signals is told which keys to set", async () => {
  const { deps } = stack;
  const connect = deps.connect(CLUSTER);
  const before = await connect.config(prefix);
  const deaf = { "signal.enabled.channels": null, "signal.kafka.topic": null };
  await throughRebalance(() => connect.patchConfig(prefix, deaf));

  await expect(findRereadSource(deps, { cluster: CLUSTER, topic })).rejects.toMatchObject({
    code: "precondition_failed",
    message: expect.stringContaining(
      `signal.enabled.channels=kafka, signal.kafka.topic=${before["topic.prefix"]}-signal`,
    ),
  });
  await expect(
    findRereadSource(deps, { cluster: CLUSTER, topic: "nobody.public.writes" }),
  ).rejects.toMatchObject({ code: "precondition_failed" });
});
