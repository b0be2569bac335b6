import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  addToQuarantine,
  quarantinedBy,
  removeFromQuarantine,
} from "#domain/dead-letters/quarantine-list.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";
import { getConnector } from "#server/connectors/get-connector.ts";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import { proposeRevert } from "#server/connectors/propose-revert.ts";
import {
  CLUSTER,
  cleanUp,
  runPlan,
  shopSource,
  sql,
  warehouseSink,
} from "#server/connectors/testing/lab-pipeline.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { emptyMemory } from "#server/observability/cluster-memory.ts";
import { createConnectObserver } from "#server/observability/observe-connect.ts";
import type { StepContext } from "#server/plans/plan-kind.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { analyseStoppedSink } from "./analyse-stopped-sink.ts";
import { proposeQuarantine } from "./propose-quarantine.ts";
import { deadLetterSettings, quarantinePlanKind } from "./quarantine-steps.ts";

let stack: Stack;
const prefix = uniqueName("dl-shop");
const sink = uniqueName("dl-sink");
const table = `letters_${prefix.replaceAll("-", "_")}`;
const schema = sink.replaceAll("-", "_");
const engineer = an("engineer", "ada");
const operator = an("operator", "olga");

beforeAll(async () => {
  stack = await startStack();
  await sql("shop", `create table public.${table} (id int primary key, name text, amount numeric(10,2))`);
  await sql("shop", `insert into public.${table} select g, 'row ' || g, g from generate_series(1, 50) g`);
  // Debezium adds the table to its publication, which only the owner may do.
  const [owner] = await sql<{ name: string }>(
    "shop",
    "select tableowner as name from pg_tables where tablename = 'products'",
  );
  await sql("shop", `alter table public.${table} owner to "${owner?.name}"`);
  await sql("warehouse", `create schema "${schema}"`);
  await sql("warehouse", `grant all on schema "${schema}" to public`);
  const { deps } = stack;
  const source = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: prefix,
    config: shopSource(deps, prefix, [table]),
  });
  expectSuccess(await runPlan(deps, engineer, source.planId));
  const drained = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: sink,
    config: { ...warehouseSink(deps, sink, schema, [`${prefix}.public.${table}`]) },
  });
  expectSuccess(await runPlan(deps, engineer, drained.planId));
  await vi.waitFor(async () => expect(await targetRows()).toHaveLength(50), {
    timeout: 60_000,
    interval: 250,
  });
  await sql(
    "warehouse",
    `alter table "${schema}".${table} add constraint no_bad check (name not like 'bad%')`,
  );
});

afterAll(async () => {
  await cleanUp(stack.deps, [prefix, sink], [schema]);
  await sql("shop", `drop table if exists public.${table}`);
  await stack.stop();
});

function expectSuccess(run: { end: string; message: string }): void {
  expect(run.end, run.message).toBe("succeeded");
}

async function targetRows(): Promise<number[]> {
  const rows = await sql<{ id: number }>(
    "warehouse",
    `select id from "${schema}".${table} order by id`,
  ).catch(() => []);
  return rows.map((row) => row.id);
}

function stepContext(): StepContext {
  const signal = new AbortController().signal;
  return {
    deps: stack.deps,
    actor: operator,
    planId: crypto.randomUUID(),
    runId: crypto.randomUUID(),
    stepPosition: 0,
    signal,
    workerSignal: signal,
    progress: () => Promise.resolve(),
    recordItems: () => Promise.resolve(),
  };
}

test("one bad row stops the sink: it is named, set aside, and every neighbour arrives", async () => {
  const { deps } = stack;
  const values = Array.from(
    { length: 9 },
    (_item, index) => `(${101 + index}, '${index === 4 ? "bad (row), it''s" : `good ${index}`}', 1.5)`,
  );
  await sql("shop", `insert into public.${table} values ${values.join(",")}`);
  const written = performance.now();

  await expect
    .poll(async () => (await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink })).state, {
      timeout: 60_000,
      interval: 250,
    })
    .toBe("stopped_by_record");
  const analysis = await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink });
  expect(performance.now() - written).toBeLessThan(60_000);

  expect(analysis).toMatchObject({
    cause: { id: "check" },
    record: { topic: `${prefix}.public.${table}`, key: "id=105", certain: true },
  });
  expect(analysis.message).toContain('violates check constraint "no_bad"');
  expect(analysis.message).not.toContain("it's");
  if (!analysis.record) throw new Error("no record was named");
  const { topic, partition, offset } = analysis.record;

  await expect(
    proposeQuarantine(deps, an("viewer"), {
      cluster: CLUSTER,
      name: sink,
      record: { topic, partition, offset },
      atMost: 1,
    }),
  ).rejects.toMatchObject({ code: "forbidden" });
  await expect(
    proposeQuarantine(deps, operator, {
      cluster: CLUSTER,
      name: sink,
      record: { topic, partition, offset: offset + 1 },
      atMost: 1,
    }),
  ).rejects.toMatchObject({ code: "conflict" });
  const { planId } = await proposeQuarantine(deps, operator, {
    cluster: CLUSTER,
    name: sink,
    record: { topic, partition, offset },
    atMost: 1,
  });
  const run = await runPlan(deps, operator, planId);

  expectSuccess(run);
  expect(await targetRows()).toEqual([
    ...Array.from({ length: 50 }, (_item, index) => index + 1),
    101,
    102,
    103,
    104,
    106,
    107,
    108,
    109,
  ]);
  expect(await deps.connect(CLUSTER).config(sink)).not.toHaveProperty("transforms");
});

test("several bad rows, in one batch and one after the other, are set aside up to the agreed number", async () => {
  const { deps } = stack;
  const values = Array.from(
    { length: 12 },
    (_item, index) => `(${201 + index}, '${[2, 3, 9].includes(index) ? "bad" : "good"} ${index}', 1.5)`,
  );
  await sql("shop", `insert into public.${table} values ${values.join(",")}`);
  await expect
    .poll(async () => (await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink })).state, {
      timeout: 60_000,
      interval: 250,
    })
    .toBe("stopped_by_record");
  const { record } = await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink });
  if (!record) throw new Error("no record was named");

  const { topic, partition, offset } = record;
  const { planId } = await proposeQuarantine(deps, operator, {
    cluster: CLUSTER,
    name: sink,
    record: { topic, partition, offset },
    atMost: 5,
  });
  const run = await runPlan(deps, operator, planId, { reason: "three rows", typedCount: 5 });

  expectSuccess(run);
  expect((await targetRows()).filter((id) => id > 200)).toEqual([
    201, 202, 205, 206, 207, 208, 209, 211, 212,
  ]);
  expect(await deps.connect(CLUSTER).config(sink)).not.toHaveProperty("transforms");
});

test("a restart that got lost is repeated: the old failure at a record that is set aside is not taken for a new one", async () => {
  const { deps } = stack;
  await sql("shop", `insert into public.${table} values (301, 'bad', 1.5), (302, 'good', 1.5)`);
  await expect
    .poll(async () => (await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink })).state, {
      timeout: 60_000,
      interval: 250,
    })
    .toBe("stopped_by_record");
  const { record, cause } = await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink });
  if (!record) throw new Error("no record was named");
  const { topic, partition, offset } = record;
  const place = { topic, partition, offset };
  const config = await deps.connect(CLUSTER).config(sink);
  await deps
    .connect(CLUSTER)
    .patchConfig(sink, addToQuarantine(config, [place], "test", deadLetterSettings(deps, CLUSTER, sink)));

  await expect(analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink })).resolves.toMatchObject({
    state: "stopped",
    record: undefined,
    aside: place,
  });
  const outcome = await quarantinePlanKind.runStep(stepContext(), {
    key: "pass",
    title: "pass",
    input: {
      do: "pass",
      cluster: CLUSTER,
      name: sink,
      records: [place],
      reason: "test",
      atMost: 1,
      cause: cause?.id ?? "",
      table: `${schema}.${table}`,
    },
  });

  expect(outcome.state, outcome.message).toBe("succeeded");
  expect((await targetRows()).filter((id) => id > 300)).toEqual([302]);
});

test("a bad row at the end of its partition, behind good ones of the same batch, is passed too", async () => {
  const { deps } = stack;
  // One row changes often, so that all of its events lie in one partition; the last one is refused.
  await sql("shop", `insert into public.${table} values (401, 'good', 1.5)`);
  await vi.waitFor(async () => expect(await targetRows()).toContain(401), { timeout: 30_000, interval: 250 });
  await throughRebalance(() => deps.connect(CLUSTER).pause(sink));
  await vi.waitFor(
    async () => expect((await deps.connect(CLUSTER).status(sink)).tasks[0]?.state).toBe("PAUSED"),
    { timeout: 30_000, interval: 250 },
  );
  for (const name of ["better", "best", "bad"])
    await sql("shop", `update public.${table} set name = $1 where id = 401`, [name]);
  await throughRebalance(() => deps.connect(CLUSTER).resume(sink));
  await expect
    .poll(async () => (await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink })).state, {
      timeout: 60_000,
      interval: 250,
    })
    .toBe("stopped_by_record");
  const { record } = await analyseStoppedSink(deps, operator, { cluster: CLUSTER, name: sink });
  if (!record) throw new Error("no record was named");
  const { topic, partition, offset } = record;
  const { planId } = await proposeQuarantine(deps, operator, {
    cluster: CLUSTER,
    name: sink,
    record: { topic, partition, offset },
    atMost: 1,
  });

  const run = await runPlan(deps, operator, planId);

  expectSuccess(run);
  const [row] = await sql<{ name: string }>(
    "warehouse",
    `select name from "${schema}".${table} where id = 401`,
  );
  expect(row?.name).toBe("best");
  expect(await deps.connect(CLUSTER).config(sink)).not.toHaveProperty("transforms");
  await vi.waitFor(
    async () =>
      expect(
        (await deps.kafka(CLUSTER).committedOffsets(`connect-${sink}`, [topic])).get(topic)?.get(partition),
      ).toBe(offset + 1),
    { timeout: 30_000, interval: 250 },
  );
});

test("while a list is in place it is told as Headgate's own, and a revert of a change from outside leaves it", async () => {
  const { deps } = stack;
  const observe = createConnectObserver(deps, CLUSTER, emptyMemory());
  const connect = deps.connect(CLUSTER);
  const context = stepContext();
  // A record that never comes: the list stays, as after a run that ended early.
  const record = { topic: `${prefix}.public.${table}`, partition: 0, offset: 999_999 };
  const place = { cluster: CLUSTER, name: sink };
  const outcome = await quarantinePlanKind.runStep(context, {
    key: "set-aside",
    title: "set aside",
    input: { do: "set-aside", ...place, records: [record], reason: "test" },
  });
  expect(outcome.state, outcome.message).toBe("succeeded");
  await throughRebalance(() => connect.patchConfig(sink, { "batch.size": "77" }));

  const outside = await vi.waitFor(
    async () => {
      await observe();
      const view = await getConnector(deps, engineer, place);
      expect(view.changedOutside).toMatchObject([{ key: "batch.size", after: "77" }]);
      return view;
    },
    { timeout: 30_000, interval: 250 },
  );
  const { planId } = await proposeRevert(deps, engineer, { ...place, version: 1, note: undefined });
  expectSuccess(await runPlan(deps, engineer, planId));

  expect(outside).toMatchObject({
    quarantined: [positionText(record)],
    quarantinePlan: context.planId,
    changedByQuarantine: expect.arrayContaining([expect.objectContaining({ key: "transforms" })]),
  });
  const config = await connect.config(sink);
  expect(config["batch.size"]).not.toBe("77");
  expect(quarantinedBy(config)).toEqual([record]);
  await throughRebalance(() => connect.patchConfig(sink, removeFromQuarantine(config, [record])));
});
