import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeps, type Deps } from "#server/deps.ts";
import { createLog } from "#server/log.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { OPERATE_MANY_LIMITS, operateMany } from "./operate-many.ts";
import { CLUSTER } from "./testing/lab-pipeline.ts";
import { trailOf } from "./testing/trail-of.ts";

let stack: Stack;
let silent: Server;
let deps: Deps;
const operator = an("operator", "olga");

/** Connect that takes every connection and never says a word. */
beforeAll(async () => {
  stack = await startStack();
  silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const clusters = stack.deps.config.clusters.map((cluster) => ({
    ...cluster,
    connect: { ...cluster.connect, url, timeoutMs: 1_500 },
  }));
  deps = createDeps({
    databaseUrl: stack.databaseUrl,
    config: { clusters },
    log: createLog("error", "test"),
    observe: { connectMs: 1_000, progressMs: 1_000 },
  });
});
afterAll(async () => {
  await deps.pool.end();
  silent.close();
  await stack.stop();
});

test("a silent Connect cannot hold the request: what was begun is unknown, the rest was not tried", async () => {
  const names = Array.from({ length: 20 }, (_item, index) => uniqueName(`it-many-${index}`));
  const beganAt = performance.now();

  const results = await operateMany(
    deps,
    operator,
    { action: "pause", connectors: names.map((name) => ({ cluster: CLUSTER, name })) },
    { beginWithinMs: 300, answerWithinMs: 700 },
  );

  expect(performance.now() - beganAt).toBeLessThan(1_400);
  expect(results.map(({ name }) => name)).toEqual(names);
  const outcomes = Map.groupBy(results, ({ outcome }) => outcome);
  expect([...outcomes].map(([outcome, items]) => [outcome, items.length])).toEqual([
    ["unknown", 8],
    ["not_tried", 12],
  ]);
  const begun = outcomes.get("unknown") ?? [];
  for (const { name } of begun)
    await expect
      .poll(async () => (await trailOf(deps, name)).at(-1), { timeout: 10_000 })
      .toBe("connector.pause unknown by olga");
  for (const { name } of outcomes.get("not_tried") ?? []) expect(await trailOf(deps, name)).toEqual([]);
});

test("an upstream that did not answer in its own time is unknown, not refused", async () => {
  const connectors = [{ cluster: CLUSTER, name: uniqueName("it-many-lost") }];

  const results = await operateMany(deps, operator, { action: "stop", connectors }, OPERATE_MANY_LIMITS);

  expect(results).toMatchObject([{ outcome: "unknown", message: expect.stringContaining("Kafka Connect") }]);
});
