import { expect, test } from "vitest";
import { lagGate, pipelineGate, type SourcePosition } from "./pipeline-gate.ts";

const signal = new AbortController().signal;
const QUICK = { timeoutMs: 250, signal };

function offsets(partitions: Record<number, number>) {
  return new Map([
    ["t", new Map(Object.entries(partitions).map(([partition, at]) => [Number(partition), at]))],
  ]);
}

/** A pipeline whose offsets the test says. */
function pipeline(state: {
  delivered: () => boolean;
  begin?: Record<number, number>;
  end: () => Record<number, number>;
  committed: () => Record<number, number>;
  delay?: string;
}) {
  const position: SourcePosition = {
    kind: "offsets",
    mark: async () => ({ position: "0/16B3748", at: new Date() }),
    isDelivered: async () => state.delivered(),
  };
  return pipelineGate({
    position,
    kafka: {
      beginOffsets: async () => ({
        offsets: offsets(state.begin ?? { 0: 0, 1: 0 }),
        silent: [],
        unanswered: new Set<string>(),
      }),
      endOffsets: async () => ({ offsets: offsets(state.end()), silent: [], unanswered: new Set<string>() }),
      committedOffsets: async () => offsets(state.committed()),
    },
    topic: "t",
    group: "connect-sink",
    explainDelay: async () => state.delay,
  });
}

test("the ends are taken once the source has delivered, and stay while more is written", async () => {
  let [looks, end] = [0, 10];
  const gate = pipeline({
    delivered: () => ++looks > 2,
    end: () => ({ 0: end }),
    committed: () => {
      end += 100;
      return { 0: 10 };
    },
  });

  const outcome = await gate.reached(await gate.mark(signal), { timeoutMs: 5_000, signal });

  expect(outcome.applied).toBe(true);
  expect(looks).toBe(3);
});

test("a partition that holds nothing needs no commit; one that does needs all of it", async () => {
  const empty = pipeline({
    delivered: () => true,
    begin: { 0: 0, 1: 7 },
    end: () => ({ 0: 3, 1: 7 }),
    committed: () => ({ 0: 3 }),
  });
  const behind = pipeline({
    delivered: () => true,
    end: () => ({ 0: 3, 1: 8 }),
    committed: () => ({ 0: 3, 1: 7 }),
    delay: "the sink is paused",
  });

  expect(await empty.reached(await empty.mark(signal), QUICK)).toMatchObject({ applied: true });
  expect(await behind.reached(await behind.mark(signal), QUICK)).toMatchObject({
    applied: false,
    reason: expect.stringMatching(/the sink has not applied .*: the sink is paused$/),
  });
});

test("a source connector that stands still is named as the one that holds", async () => {
  const gate = pipeline({ delivered: () => false, end: () => ({}), committed: () => ({}) });

  expect(await gate.reached(await gate.mark(signal), QUICK)).toMatchObject({
    applied: false,
    reason: expect.stringContaining("the source connector has not delivered"),
  });
});

test("being called off ends the wait", async () => {
  const stop = new AbortController();
  const gate = pipeline({ delivered: () => false, end: () => ({}), committed: () => ({}) });
  const waiting = gate.reached(await gate.mark(signal), { timeoutMs: 60_000, signal: stop.signal });
  stop.abort();

  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
});

test("without positions the clock decides, with a margin for the difference of clocks", async () => {
  const through = (ms: number) =>
    lagGate({ appliedThrough: async () => new Date(Date.now() + ms), skewMs: 60_000 });
  const [late, early] = [through(120_000), through(30_000)];

  expect(await late.reached(await late.mark(signal), QUICK)).toMatchObject({ applied: true });
  expect(await early.reached(await early.mark(signal), QUICK)).toMatchObject({ applied: false });
});
