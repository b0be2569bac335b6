import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { connectorVersions } from "#db/schema/connectors.ts";
import { plans, runSteps } from "#db/schema/plans.ts";
import type { PlanDraft } from "#domain/plans/schema.ts";
import { throughRebalance } from "#server/kafka-connect/through-rebalance.ts";
import { emptyMemory } from "#server/observability/cluster-memory.ts";
import { createConnectObserver } from "#server/observability/observe-connect.ts";
import { abortRun } from "#server/plans/abort-run.ts";
import { executeRun } from "#server/plans/execute-run.ts";
import { getRun } from "#server/plans/get-run.ts";
import { startRun } from "#server/plans/start-run.ts";
import { getStoredPlan } from "#server/plans/stored-plan.ts";
import { QUICK_TIMING } from "#server/plans/testing/quick-timing.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { adoptVersion } from "./adopt-version.ts";
import { configHash } from "./config-hash.ts";
import { getConnector } from "./get-connector.ts";
import { listLeftovers } from "./list-leftovers.ts";
import { listVersions } from "./list-versions.ts";
import { proposeCreate } from "./propose-create.ts";
import { proposeDelete } from "./propose-delete.ts";
import { proposeRevert } from "./propose-revert.ts";
import { proposeUpdate } from "./propose-update.ts";
import { CLUSTER, cleanUp, runPlan, shopSource, sql } from "./testing/lab-pipeline.ts";
import { trailOf } from "./testing/trail-of.ts";

let stack: Stack;
const name = uniqueName("it-change");
const ref = { cluster: CLUSTER, name };
const made = [name];
const ada = an("engineer", "ada");
const odd = { "my.own.key": '  spaces, commas\tand "quotes" \u00e9 ' };

beforeAll(async () => {
  stack = await startStack();
  const config = { ...shopSource(stack.deps, name, ["products"]), "snapshot.mode": "no_data", ...odd };
  const { planId } = await proposeCreate(stack.deps, ada, { ...ref, config });
  expect(await runPlan(stack.deps, ada, planId)).toMatchObject({ end: "succeeded" });
});
afterAll(async () => {
  await cleanUp(stack.deps, made);
  await stack.stop();
});

const live = () => stack.deps.connect(CLUSTER).config(name);
const frozen = (planId: string): Promise<PlanDraft> =>
  getStoredPlan(stack.deps.db, planId).then((plan) => plan.frozen);
const versions = async () =>
  (await listVersions(stack.deps, ada, ref)).map((version) => `${version.version} ${version.origin}`);

async function update(change: Record<string, string>): Promise<string> {
  const config = await live();
  const { planId } = await proposeUpdate(stack.deps, ada, {
    ...ref,
    config: { ...config, ...change },
    baseHash: configHash(config),
    note: undefined,
  });
  return planId;
}

describe("a change", () => {
  test("is a plan with its cost, keeps unknown keys byte for byte, and becomes a version", async () => {
    const planId = await update({ "max.batch.size": "1024", "max.queue.size": "4096" });

    expect(await frozen(planId)).toMatchObject({
      level: 1,
      counts: { keys: 2, topics: 0 },
      consequences: [{ severity: "info", text: expect.stringContaining("restarts") }],
      diff: { before: {}, after: { "max.batch.size": "1024", "max.queue.size": "4096" } },
    });
    expect(await runPlan(stack.deps, ada, planId)).toMatchObject({ end: "succeeded" });

    expect(await live()).toMatchObject({ "max.batch.size": "1024", ...odd });
    expect(await versions()).toEqual(["2 updated", "1 created"]);
    expect((await trailOf(stack.deps, name)).filter((line) => /connector\.update/.test(line))).toEqual([
      "connector.update pending by ada",
      "connector.update succeeded by ada",
    ]);
  });

  test("of many tables needs more than a click, and one that cannot be undone a second person", async () => {
    const more = await frozen(await update({ "table.include.list": "public.products,public.articles" }));
    const prefix = await frozen(await update({ "topic.prefix": `${name}-b` }));

    expect(more).toMatchObject({ level: 2, counts: { keys: 1, topics: 1 } });
    expect(prefix).toMatchObject({
      level: 3,
      confirmName: name,
      consequences: expect.arrayContaining([expect.objectContaining({ severity: "danger" })]),
    });
  });

  test("made from an outdated draft is refused, and so is a plan overtaken by another hand", async () => {
    const config = await live();
    const planId = await update({ "poll.interval.ms": "700" });
    const connect = stack.deps.connect(CLUSTER);
    await throughRebalance(() => connect.patchConfig(name, { "poll.interval.ms": "650" }));

    await expect(
      proposeUpdate(stack.deps, ada, {
        ...ref,
        config: { ...config, "poll.interval.ms": "800" },
        baseHash: configHash(config),
        note: undefined,
      }),
    ).rejects.toMatchObject({ code: "conflict" });
    const { end, runId } = await runPlan(stack.deps, ada, planId);

    expect(end).toBe("failed");
    expect((await getRun(stack.deps, ada, { id: runId })).steps[0]?.message).toMatch(
      /changed after this plan was made/,
    );
    expect(await live()).toMatchObject({ "poll.interval.ms": "650" });
  });

  test("made outside Headgate shows, and is adopted as a version", async () => {
    const observe = createConnectObserver(stack.deps, CLUSTER, emptyMemory());
    await vi.waitFor(async () => {
      await observe();
      expect((await getConnector(stack.deps, ada, ref)).changedOutside).toMatchObject([
        { key: "poll.interval.ms", after: "650" },
      ]);
    }, 20_000);

    await adoptVersion(stack.deps, ada, { ...ref, note: "the night shift's fix" });

    expect((await getConnector(stack.deps, ada, ref)).changedOutside).toEqual([]);
    expect(await versions()).toEqual(["3 adopted", "2 updated", "1 created"]);
    await expect(adoptVersion(stack.deps, ada, { ...ref, note: undefined })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("is taken back by a plan, and live equals the old version", async () => {
    const { planId } = await proposeRevert(stack.deps, ada, { ...ref, version: 1, note: undefined });
    expect(await runPlan(stack.deps, ada, planId)).toMatchObject({ end: "succeeded" });

    const [newest, , , first] = await listVersions(stack.deps, ada, ref);
    expect(newest).toMatchObject({ version: 4, origin: "reverted", config: first?.config });
    expect(configHash(await live())).toBe(configHash(first?.config ?? {}));
  });

  test("that takes a secret in the open out again keeps it out of plan, trail and history", async () => {
    const secret = "hunter2-in-the-open";
    const open = { ...(await live()), "my.own.password": secret };
    await throughRebalance(() => stack.deps.connect(CLUSTER).putConfig(name, open));
    const { planId } = await proposeRevert(stack.deps, ada, { ...ref, version: 1, note: undefined });

    expect(await runPlan(stack.deps, ada, planId)).toMatchObject({ end: "succeeded" });

    expect(await live()).not.toHaveProperty(["my.own.password"]);
    const kept = await Promise.all(
      [auditEntries, plans, runSteps, connectorVersions].map((table) => stack.deps.db.select().from(table)),
    );
    expect(JSON.stringify(kept).includes("my.own.password")).toBe(true);
    expect(JSON.stringify(kept).includes(secret)).toBe(false);
  });

  test("that breaks a rule is refused with every error at its key", async () => {
    await expect(update({ "tasks.max": "0", "table.include.list": "products" })).rejects.toMatchObject({
      code: "invalid",
      problems: [
        expect.objectContaining({ path: "tasks.max" }),
        expect.objectContaining({ path: "table.include.list" }),
      ],
    });
  });
});

test("only who may configure proposes anything", async () => {
  const operator = an("operator");
  const attempts = [
    () => proposeCreate(stack.deps, operator, { ...ref, config: {} }),
    () => proposeUpdate(stack.deps, operator, { ...ref, config: {}, baseHash: "x", note: undefined }),
    () => proposeRevert(stack.deps, operator, { ...ref, version: 1, note: undefined }),
    () => proposeDelete(stack.deps, operator, { ...ref, remove: [], note: undefined }),
    () => adoptVersion(stack.deps, operator, { ...ref, note: undefined }),
  ];

  for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: "forbidden" });
});

test("a name that is taken cannot be created again", async () => {
  await expect(
    proposeCreate(stack.deps, ada, {
      ...ref,
      config: { ...shopSource(stack.deps, name, ["products"]), "slot.name": "another" },
    }),
  ).rejects.toMatchObject({ code: "conflict", problems: [expect.objectContaining({ path: "name" })] });
});

describe("deleting", () => {
  const slots = () =>
    sql("shop", "select 1 from pg_replication_slots where slot_name like $1", [
      `headgate_${name.replaceAll("-", "_")}%`,
    ]);

  test("lists what would stay, with what that means", async () => {
    const leftovers = await listLeftovers(stack.deps, ada, ref);

    expect(leftovers.map((leftover) => leftover.kind)).toEqual(
      expect.arrayContaining([
        "offsets",
        "slot",
        "publication",
        "signal-topic",
        "notification-topic",
        "heartbeat-topic",
        "topic",
      ]),
    );
  });

  test("removes exactly what was chosen: the slot by the connector itself, the topics, the position", async () => {
    const leftovers = await listLeftovers(stack.deps, ada, ref);
    const chosen = leftovers.filter((leftover) => leftover.kind !== "topic").map((leftover) => leftover.id);
    expect(await slots()).toHaveLength(1);

    const { planId } = await proposeDelete(stack.deps, ada, { ...ref, remove: chosen, note: "test is over" });
    const plan = await frozen(planId);
    expect(plan).toMatchObject({ level: 2, counts: { things: 1 + chosen.length } });
    await expect(runPlan(stack.deps, ada, planId)).rejects.toMatchObject({ code: "invalid" });
    const { end, runId } = await runPlan(stack.deps, ada, planId, {
      reason: "test is over",
      typedCount: 1 + chosen.length,
    });
    const run = await getRun(stack.deps, ada, { id: runId });

    expect(end, JSON.stringify(run.steps.map((step) => step.message))).toBe("succeeded");
    expect(run.steps.map((step) => [step.key, step.state])).toEqual([
      ["slot", "succeeded"],
      ["offsets", "succeeded"],
      ["delete", "succeeded"],
      ["version", "succeeded"],
      ["topics", "succeeded"],
      ["publication", "skipped"],
    ]);
    expect(run.steps.at(-1)?.detail).toEqual({
      statement: `drop publication "headgate_${name.replaceAll("-", "_")}";`,
    });
    expect(await slots()).toHaveLength(0);
    // Others write messages into the log of the same database, which every source of it hands on.
    const topics = (await stack.deps.topicAdmin(CLUSTER).list()).filter(
      (topic) => topic.includes(name) && topic !== `${name}.message`,
    );
    expect(topics).toEqual([`${name}.public.products`]);
    expect((await versions())[0]).toBe("6 deleted");
    expect((await trailOf(stack.deps, name)).filter((line) => / succeeded /.test(line)).slice(-5)).toEqual(
      expect.arrayContaining([
        "connector.drop-slot succeeded by ada",
        "connector.stop succeeded by ada",
        "connector.reset-offsets succeeded by ada",
        "connector.delete succeeded by ada",
      ]),
    );
  });
});

test("aborting while the slot is dropped leaves no connector that would drop it at its next restart", async () => {
  const dropping = uniqueName("it-drop");
  const config = { ...shopSource(stack.deps, dropping, ["products"]), "snapshot.mode": "no_data" };
  const connect = stack.deps.connect(CLUSTER);
  made.push(dropping);
  const created = await proposeCreate(stack.deps, ada, { cluster: CLUSTER, name: dropping, config });
  expect(await runPlan(stack.deps, ada, created.planId)).toMatchObject({ end: "succeeded" });
  const leftovers = await listLeftovers(stack.deps, ada, { cluster: CLUSTER, name: dropping });
  const remove = leftovers.filter((leftover) => leftover.kind === "slot").map((leftover) => leftover.id);
  const { planId } = await proposeDelete(stack.deps, ada, { cluster: CLUSTER, name: dropping, remove });
  const confirmation = { reason: "a change of mind", typedCount: 2 };
  const { runId } = await startRun(stack.deps, ada, { planId, confirmation });

  const working = executeRun(stack.deps, runId, {
    worker: "test",
    stopping: new AbortController().signal,
    timing: QUICK_TIMING,
  });
  await expect
    .poll(async () => (await connect.config(dropping))["slot.drop.on.stop"], {
      timeout: 30_000,
      interval: 50,
    })
    .toBe("true");
  await abortRun(stack.deps, ada, { id: runId });

  expect(await working).toBe("aborted");
  expect((await connect.status(dropping)).connector.state).toBe("STOPPED");
  const run = await getRun(stack.deps, ada, { id: runId });
  expect(run.steps.map((step) => step.state)).toEqual(["succeeded", "skipped", "skipped"]);
});
