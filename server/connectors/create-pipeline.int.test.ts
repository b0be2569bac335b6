import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { runSteps } from "#db/schema/plans.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { proposeCreate } from "./propose-create.ts";
import { latestVersion } from "./record-version.ts";
import { CLUSTER, cleanUp, runPlan, shopSource, sql, warehouseSink } from "./testing/lab-pipeline.ts";

let stack: Stack;
const source = uniqueName("it-shop");
const sink = uniqueName("it-warehouse");
const schema = sink.replaceAll("-", "_");
const engineer = an("engineer", "ada");

beforeAll(async () => {
  stack = await startStack();
  await sql("warehouse", `create schema "${schema}"`);
  await sql("warehouse", `grant all on schema "${schema}" to public`);
});

afterAll(async () => {
  await cleanUp(stack.deps, [source, sink], [schema]);
  await stack.stop();
});

test("a source and a sink made by plans carry the rows, with topics as the cluster wants them", async () => {
  const { deps } = stack;
  const made = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: source,
    config: shopSource(deps, source, ["products", "articles"]),
  });
  const created = await runPlan(deps, engineer, made.planId);
  const steps = await deps.db.select().from(runSteps).where(eq(runSteps.runId, created.runId));
  expect(created.end, JSON.stringify(steps.map((step) => step.message))).toBe("succeeded");

  const topic = `${source}.public.products`;
  const [facts] = await deps.topicAdmin(CLUSTER).describe([topic], ["retention.ms", "compression.type"]);
  expect(facts).toMatchObject({
    partitions: 3,
    settings: { "retention.ms": "604800000", "compression.type": "lz4" },
  });

  const drained = await proposeCreate(deps, engineer, {
    cluster: CLUSTER,
    name: sink,
    config: warehouseSink(deps, sink, schema, [topic, `${source}.public.articles`]),
  });
  const sunk = await runPlan(deps, engineer, drained.planId);
  expect(sunk.end).toBe("succeeded");

  const count = async (database: "shop" | "warehouse", table: string) =>
    sql<{ n: string }>(database, `select count(*) n from ${table}`).then(
      ([row]) => row?.n,
      () => undefined,
    );
  await expect
    .poll(() => count("warehouse", `"${schema}".products`), { timeout: 60_000, interval: 500 })
    .toBe(await count("shop", "public.products"));
  expect(await latestVersion(deps.db, { cluster: CLUSTER, name: sink })).toMatchObject({
    version: 1,
    origin: "created",
    authorId: "ada",
    planId: drained.planId,
  });
  const trail = await deps.db.select().from(auditEntries).where(eq(auditEntries.action, "connector.create"));
  expect(trail.map((entry) => [entry.subject.connector, entry.outcome])).toEqual([
    [source, "pending"],
    [source, "succeeded"],
    [sink, "pending"],
    [sink, "succeeded"],
  ]);
});
