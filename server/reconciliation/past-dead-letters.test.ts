import { expect, test, vi } from "vitest";
import type { Position } from "#domain/dead-letters/schema.ts";
import type { Offsets } from "#server/kafka/kafka-client.ts";
import { pastDeadLetters } from "./past-dead-letters.ts";

const at = (offset: number): Offsets => new Map([["orders", new Map([[0, offset]])]]);

/** A sink that stands at one offset, and offsets its dead-letter topic tells of. */
function standing(committed: number, end: number, aside: readonly number[]) {
  const findReported = vi.fn(async (records: readonly Position[]) =>
    records.filter(({ offset }) => aside.includes(offset)),
  );
  const ends = async () => ({ offsets: at(end), silent: [], unanswered: new Set<string>() });
  const kafka = pastDeadLetters({
    kafka: { beginOffsets: ends, endOffsets: ends, committedOffsets: async () => at(committed) },
    findReported,
  });
  const read = async () => (await kafka.committedOffsets("connect-sink", ["orders"])).get("orders")?.get(0);
  return { read, findReported };
}

/** Longer than a sink that works takes to commit. */
async function readLater(sink: ReturnType<typeof standing>) {
  vi.useFakeTimers({ toFake: ["performance"] });
  try {
    await sink.read();
    vi.advanceTimersByTime(600);
    return await sink.read();
  } finally {
    vi.useRealTimers();
  }
}

test("dead letters at the end of a partition are behind the sink", async () => {
  expect(await readLater(standing(7, 9, [7, 8]))).toBe(9);
});

test("it stands before the first record that was not set aside", async () => {
  expect(await readLater(standing(7, 10, [7, 9]))).toBe(8);
  expect(await readLater(standing(7, 10, [8, 9]))).toBe(7);
});

test("nobody looks while the sink has just moved, has nothing waiting, or has a long queue", async () => {
  const fresh = standing(7, 9, [7, 8]);
  expect(await fresh.read()).toBe(7);
  const done = standing(9, 9, []);
  expect(await readLater(done)).toBe(9);
  const long = standing(7, 5_000, [7]);
  expect(await readLater(long)).toBe(7);
  for (const { findReported } of [fresh, done, long]) expect(findReported).not.toHaveBeenCalled();
});
