import { describe, expect, test } from "vitest";
import { type LaneReading, laneOf, type PartitionReading, type SinkReading } from "./lane.ts";

const event = (committedAt: number, isSnapshot = false) => ({
  committedAt,
  capturedAt: committedAt + 5,
  op: "u",
  position: `0/${committedAt}`,
  isSnapshot,
});

const two: PartitionReading[] = [
  { begin: 0, end: 10, newest: event(100) },
  { begin: 5, end: 20, newest: event(200) },
];

function reading(overrides: Partial<LaneReading> = {}): LaneReading {
  return {
    table: { name: "public.a", topic: "shop.public.a", sinks: [{ name: "w", target: "a" }] },
    partitions: two,
    sinks: new Map(),
    checkpoint: undefined,
    snapshot: undefined,
    perSecond: 2,
    ...overrides,
  };
}

const sink = (...partitions: SinkReading["partitions"][number][]) =>
  new Map([["w", { partitions, perSecond: 1 }]]);

test("counts add up over partitions; the newest event is the one committed last", () => {
  expect(laneOf(reading())).toMatchObject({
    captured: 30,
    retained: 25,
    committedAt: 200,
    capturedAt: 205,
    position: "0/200",
    state: "STREAMING",
  });
});

test("a topic that does not exist has no numbers, not zeros", () => {
  expect(laneOf(reading({ partitions: undefined }))).toMatchObject({
    topicExists: false,
    captured: null,
    committedAt: null,
    lagEvents: null,
    sinks: [{ name: "w", delivered: null, lagEvents: null }],
  });
});

describe("a sink", () => {
  test("that is done with everything has delivered the newest event", () => {
    const { sinks, lagEvents, waitingSince } = laneOf(
      reading({ sinks: sink({ committed: 10 }, { committed: 20 }) }),
    );

    expect(sinks).toMatchObject([{ delivered: 30, deliveredAt: 200, lagEvents: 0, waitingSince: null }]);
    expect({ lagEvents, waitingSince }).toEqual({ lagEvents: 0, waitingSince: null });
  });

  test("behind in one partition waits since the oldest event it has not taken there", () => {
    const behind = { committed: 12, before: { offset: 11, at: 120 }, first: { offset: 12, at: 130 } };

    const { sinks, lagEvents, waitingSince } = laneOf(reading({ sinks: sink({ committed: 10 }, behind) }));

    expect(sinks).toMatchObject([{ delivered: 22, deliveredAt: 120, lagEvents: 8, waitingSince: 130 }]);
    expect({ lagEvents, waitingSince }).toEqual({ lagEvents: 8, waitingSince: 130 });
  });

  test("that never committed has delivered nothing that is known, and everything retained waits", () => {
    const { sinks } = laneOf(reading({ sinks: sink({ first: { offset: 0, at: 50 } }, {}) }));

    expect(sinks).toMatchObject([{ delivered: null, deliveredAt: null, lagEvents: 25, waitingSince: 50 }]);
  });

  test("slower than retention has lost what lies between", () => {
    const { sinks } = laneOf(reading({ sinks: sink({ committed: 10 }, { committed: 2 }) }));

    expect(sinks).toMatchObject([{ lost: 3, lagEvents: 15 }]);
  });

  test("whose group could not be read says nothing", () => {
    expect(laneOf(reading()).sinks).toMatchObject([{ delivered: null, lagEvents: null, lost: 0 }]);
  });
});

test("of several sinks the one furthest behind is the table's lag", () => {
  const table = { name: "a", topic: "a", sinks: [{ name: "w" }, { name: "x" }] };
  const sinks = new Map([
    ["w", { partitions: [{ committed: 9 }, { committed: 20 }], perSecond: undefined }],
    ["x", { partitions: [{ committed: 10 }, { committed: 15 }], perSecond: undefined }],
  ]);

  expect(laneOf(reading({ table, sinks })).lagEvents).toBe(5);
});
