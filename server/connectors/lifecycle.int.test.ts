import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createDeps } from "#server/deps.ts";
import { createLog } from "#server/log.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { getConnectorOffsets } from "./get-connector-offsets.ts";
import { getConnectorTopics } from "./get-connector-topics.ts";
import { OPERATE_MANY_LIMITS, operateMany } from "./operate-many.ts";
import { pauseConnector } from "./pause-connector.ts";
import { restartConnector } from "./restart-connector.ts";
import { restartTask } from "./restart-task.ts";
import { resumeConnector } from "./resume-connector.ts";
import { stopConnector } from "./stop-connector.ts";
import { CLUSTER, cleanUp, shopSource } from "./testing/lab-pipeline.ts";
import { trailOf } from "./testing/trail-of.ts";

let stack: Stack;
const name = uniqueName("it-life");
const ref = { cluster: CLUSTER, name };
const operator = an("operator", "olga");
const wait = { timeout: 60_000, interval: 200 };

const stateOf = () =>
  stack.deps
    .connect(CLUSTER)
    .status(name)
    .then(({ connector, tasks }) => [connector.state, ...tasks.map((task) => task.state)].join(" "));

beforeAll(async () => {
  stack = await startStack();
  await stack.deps
    .connect(CLUSTER)
    .create(name, { ...shopSource(stack.deps, name, ["products"]), "snapshot.mode": "no_data" });
  await vi.waitFor(async () => expect(await stateOf()).toBe("RUNNING RUNNING"), wait);
});
afterAll(async () => {
  await cleanUp(stack.deps, [name]);
  await stack.stop();
});

describe("an operator", () => {
  test("pauses, resumes, restarts and stops, each on the trail", async () => {
    const { deps } = stack;

    await pauseConnector(deps, operator, ref);
    await expect.poll(stateOf, wait).toBe("PAUSED PAUSED");
    await resumeConnector(deps, operator, ref);
    await expect.poll(stateOf, wait).toBe("RUNNING RUNNING");
    await restartConnector(deps, operator, { ...ref, scope: "all" });
    await expect.poll(stateOf, wait).toBe("RUNNING RUNNING");
    await restartTask(deps, operator, { ...ref, task: 0 });
    await expect.poll(stateOf, wait).toBe("RUNNING RUNNING");
    await stopConnector(deps, operator, ref);
    await expect.poll(stateOf, wait).toBe("STOPPED");
    await expect(pauseConnector(deps, operator, ref)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("resume it first"),
    });
    await resumeConnector(deps, operator, ref);
    await expect.poll(stateOf, wait).toBe("RUNNING RUNNING");

    expect((await trailOf(deps, name)).filter((line) => !line.includes("pending"))).toEqual([
      "connector.pause succeeded by olga",
      "connector.resume succeeded by olga",
      "connector.restart succeeded by olga",
      "connector.restart-task succeeded by olga",
      "connector.stop succeeded by olga",
      "connector.pause failed by olga",
      "connector.resume succeeded by olga",
    ]);
  });

  test("acts on many at once and learns of each what became of it", async () => {
    const connectors = [ref, { cluster: CLUSTER, name: "it-does-not-exist" }];

    const results = await operateMany(
      stack.deps,
      operator,
      { action: "restart-failed", connectors },
      OPERATE_MANY_LIMITS,
    );

    expect(results).toMatchObject([
      { name, outcome: "done" },
      {
        name: "it-does-not-exist",
        outcome: "refused",
        message: expect.stringMatching(/not found|Unknown connector/i),
      },
    ]);
  });

  test("sees the topics and the stored position", async () => {
    await expect
      // Looking is limited to thirty times a minute and person.
      .poll(() => getConnectorOffsets(stack.deps, operator, ref), { ...wait, interval: 3_000 })
      .toMatchObject([{ partition: { server: name }, offset: { lsn: expect.stringMatching(/^\d+$/) } }]);
    const topics = await getConnectorTopics(stack.deps, operator, ref);
    expect(topics.find((topic) => topic.name === `${name}.public.products`)).toMatchObject({
      purpose: "data",
    });
  });
});

describe("refused, with nothing done", () => {
  const viewer = an("viewer");
  test.each([
    ["pause", () => pauseConnector(stack.deps, viewer, ref)],
    ["resume", () => resumeConnector(stack.deps, viewer, ref)],
    ["stop", () => stopConnector(stack.deps, viewer, ref)],
    ["restart", () => restartConnector(stack.deps, viewer, { ...ref, scope: "all" })],
    ["restart of a task", () => restartTask(stack.deps, viewer, { ...ref, task: 0 })],
    [
      "an act on many",
      () => operateMany(stack.deps, viewer, { action: "stop", connectors: [ref] }, OPERATE_MANY_LIMITS),
    ],
  ])("%s by a viewer", async (_act, act) => {
    await expect(act()).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("operator"),
    });

    expect((await trailOf(stack.deps, name)).some((line) => line.includes("by viewer"))).toBe(false);
  });
});

describe("with Connect away", () => {
  const away = () => {
    const config = {
      clusters: stack.deps.config.clusters.map((cluster) => ({
        ...cluster,
        connect: { ...cluster.connect, url: "http://127.0.0.1:1" },
      })),
    };
    return createDeps({
      databaseUrl: stack.databaseUrl,
      config,
      log: createLog("error", "test"),
      observe: { connectMs: 1000, progressMs: 1000 },
    });
  };

  test.each([
    ["pause", pauseConnector],
    ["resume", resumeConnector],
    ["stop", stopConnector],
  ])("%s names the cluster, and the trail does not claim that nothing happened", async (_verb, verb) => {
    const deps = away();
    const lost = { cluster: CLUSTER, name: uniqueName("it-lost") };

    await expect(verb(deps, operator, lost)).rejects.toMatchObject({
      code: "upstream_unavailable",
      upstream: "Kafka Connect",
      message: "Kafka Connect of lab did not answer",
    });

    expect((await trailOf(deps, lost.name)).at(-1)).toMatch(/unknown by olga$/);
    await deps.pool.end();
  });
});
