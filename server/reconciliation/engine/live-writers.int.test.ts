import { afterAll, beforeAll, expect, test } from "vitest";
import { type Stack, startStack } from "#server/testing/stack.ts";
import { type LivePipeline, startLivePipeline } from "./testing/live-pipeline.ts";
import { compareTwo, QUICK_LIMITS, shown } from "./testing/two-databases.ts";

let stack: Stack;
let pipeline: LivePipeline;

beforeAll(async () => {
  stack = await startStack();
  pipeline = await startLivePipeline(stack.deps, { rows: 20_000, rowsPerSecond: 500 });
}, 240_000);
afterAll(async () => {
  await pipeline?.stop();
  await stack?.stop();
});

const RUNS = 20;

test(`${RUNS} times with writers at work and the sink paused now and then: exactly the planted rows`, async () => {
  let inFlight = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const seed = Math.floor(Math.random() * 1e6);
    const planted = await pipeline.plant(seed);

    const result = await compareTwo(pipeline, {
      gate: pipeline.gate,
      // Rows that change all the time would hold each run for as many rounds.
      limits: { ...QUICK_LIMITS, gateTimeoutMs: 120_000, maxRounds: 4 },
    });

    expect(shown(result.differences), `seed ${seed}`).toEqual(planted);
    expect(result.outcome).toBe("verified");
    expect(result.verifiedThrough?.position).toMatch(/^[0-9A-F]+\/[0-9A-F]+$/);
    inFlight += result.inFlight;
    await pipeline.unplant();
  }
  // Without rows on their way the runs would have proven nothing.
  expect(inFlight).toBeGreaterThan(RUNS);
  expect(pipeline.written()).toBeGreaterThan(1_000);
}, 1_200_000);
