import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { runPlan } from "#server/connectors/testing/lab-pipeline.ts";
import { startOwnKafka } from "#server/testing/own-kafka.ts";
import { an } from "#server/testing/stack.ts";
import { getReplay } from "./change-replay.ts";
import { proposeReplay } from "./propose-replay.ts";
import { type LettersLab, startLettersLab } from "./testing/letters-lab.ts";

let kafka: Awaited<ReturnType<typeof startOwnKafka>>;
let lab: LettersLab;
const operator = an("operator", "olga");

beforeAll(async () => {
  kafka = await startOwnKafka();
  lab = await startLettersLab(kafka.brokers);
});
afterAll(async () => {
  await lab?.stop();
  await kafka?.stop();
});

test("Kafka is killed and started again in the middle of a replay: it goes on by itself, and each record is sent once", async () => {
  const count = 300;
  const { original, filter, done } = await lab.letters(count);
  const { deps } = lab.stack;
  const { planId, replayId } = await proposeReplay(deps, operator, {
    cluster: "lab",
    selection: { filter },
    alsoSend: [],
    canary: 0,
    ratePerSecond: 100,
  });
  const run = runPlan(deps, operator, planId, { reason: "test", typedCount: count });
  const waiting = async () => {
    const { counts } = await getReplay(deps, operator, { id: replayId });
    return counts.find(({ state }) => state === "waiting")?.n ?? 0;
  };
  await vi.waitFor(async () => expect(await waiting()).toBeLessThan(count), {
    timeout: 30_000,
    interval: 20,
  });

  await kafka.kill();
  expect(await waiting()).toBeGreaterThan(0);
  await kafka.start();

  const { end, message } = await run;
  done();
  expect(end, message).toBe("succeeded");
  const positions = (await lab.replayed(original)).map(({ position }) => position);
  expect(positions).toHaveLength(count);
  expect(new Set(positions).size).toBe(count);
  const { rows } = await deps.pool.query(
    "select status, attempts, count(*)::int as n from dead_letters where original_topic = $1 group by 1, 2",
    [original],
  );
  expect(rows).toEqual([{ status: "RESOLVED", attempts: 1, n: count }]);
});
