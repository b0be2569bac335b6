import { describe, expect, test } from "vitest";
import type { Health } from "../connectors/health.ts";
import type { SinkProgress } from "../observability/sink-progress.ts";
import { GAUGE, gateView, laneWidth, positionOf } from "./gate-view.ts";
import { pipelineVerdict } from "./pipeline-verdict.ts";
import type { FlowStatus, PipelineConnector, PipelineTable, PipelineView } from "./pipeline-view.ts";
import { tableVerdict } from "./table-verdict.ts";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const ago = (seconds: number) => new Date(NOW - seconds * 1_000);

function aSink(overrides: Partial<SinkProgress> = {}): SinkProgress {
  return {
    name: "warehouse",
    target: "shop_customers",
    delivered: 100,
    deliveredAt: ago(3).getTime(),
    lagEvents: 0,
    waitingSince: null,
    perSecond: 1,
    lost: 0,
    ...overrides,
  };
}

function aTable(overrides: Partial<PipelineTable> = {}): PipelineTable {
  return {
    name: "public.customers",
    topic: "shop.public.customers",
    topicExists: true,
    state: "STREAMING",
    captured: 100,
    retained: 100,
    committedAt: ago(3),
    capturedAt: ago(2),
    lastOp: "u",
    position: "0/1",
    perSecond: 1,
    lagEvents: 0,
    waitingSince: null,
    sinks: [aSink()],
    ...overrides,
  };
}

const late = (seconds: number): Partial<PipelineTable> => ({
  lagEvents: 212,
  waitingSince: ago(seconds),
  sinks: [
    aSink({ lagEvents: 212, waitingSince: ago(seconds).getTime(), deliveredAt: ago(seconds + 1).getTime() }),
  ],
});

function aConnector(
  name: string,
  health: Health = "healthy",
  reason: string | null = null,
): PipelineConnector {
  return { name, health, since: ago(240), reason };
}

function aPipeline(overrides: Partial<PipelineView> = {}): PipelineView {
  const up = { state: "up", message: null, lastOkAt: ago(1) } as const;
  return {
    cluster: "lab",
    engine: "postgresql",
    prefix: "shop",
    source: aConnector("shop"),
    sinks: [aConnector("warehouse")],
    deadLetters: [],
    checkpoint: null,
    snapshot: null,
    tables: [aTable()],
    upstreams: { connect: up, kafka: up },
    ...overrides,
  };
}

test.each<[string, Partial<PipelineTable>, Partial<PipelineView>, FlowStatus, string]>([
  ["all delivered", {}, {}, "healthy", "All delivered"],
  ["a little behind is flowing", late(4), {}, "healthy", "Flows; 212 events wait, the oldest for 4 s"],
  ["a minute behind is late", late(240), {}, "degraded", "Late; 212 events wait, the oldest for 4 min"],
  [
    "its sink failed",
    late(240),
    { sinks: [aConnector("warehouse", "failed")] },
    "failed",
    "Sink warehouse failed; 212 events wait, the oldest for 4 min",
  ],
  [
    "its sink is paused",
    late(9),
    { sinks: [aConnector("warehouse", "paused")] },
    "held",
    "Sink warehouse is paused; 212 events wait, the oldest for 9 s",
  ],
  [
    "the source failed",
    {},
    { source: aConnector("shop", "failed") },
    "failed",
    "Changes are not captured: the source failed",
  ],
  ["the source is stopped", {}, { source: aConnector("shop", "stopped") }, "held", "The source is stopped"],
  [
    "retention was faster",
    { sinks: [aSink({ lost: 3 })] },
    {},
    "failed",
    "3 events gone: retention removed them unread",
  ],
  [
    "in its snapshot",
    { state: "SNAPSHOT_START", captured: 12000 },
    {},
    "working",
    "Snapshot: 12,000 events so far",
  ],
  ["no topic yet", { topicExists: false, captured: null }, {}, "unknown", "No event yet"],
  [
    "Kafka is silent",
    { captured: null, lagEvents: null },
    {},
    "unknown",
    "Kafka has not said how far it got",
  ],
  ["nobody reads it", { sinks: [] }, {}, "healthy", "Captured; no sink reads it"],
  [
    "a failed sink of other tables does not matter",
    {},
    { sinks: [aConnector("warehouse"), aConnector("other", "failed")] },
    "healthy",
    "All delivered",
  ],
])("table: %s", (_case, table, pipeline, status, words) => {
  expect(tableVerdict(aTable(table), aPipeline(pipeline), NOW)).toEqual({ status, words });
});

test.each<[string, Partial<PipelineView>, FlowStatus, string]>([
  ["well", {}, "healthy", "1 table is captured and delivered. 1 event per second."],
  [
    "a failed sink",
    {
      sinks: [aConnector("warehouse", "failed", "ConstraintViolationException: check chk.")],
      tables: [aTable(late(240))],
    },
    "failed",
    "Sink warehouse failed 4 min ago: ConstraintViolationException: check chk. 212 events wait behind it.",
  ],
  [
    "a failed sink beside another that waits",
    {
      sinks: [aConnector("warehouse", "failed"), aConnector("archive", "stopped")],
      tables: [aTable(late(240)), aTable({ name: "b", sinks: [aSink({ name: "archive", lagEvents: 9 })] })],
    },
    "failed",
    "Sink warehouse failed 4 min ago. 212 events wait behind it.",
  ],
  [
    "a paused source",
    { source: aConnector("shop", "paused") },
    "held",
    "Source shop was paused 4 min ago. Nothing is lost.",
  ],
  [
    "a late table",
    { tables: [aTable(late(240)), aTable({ name: "b" })] },
    "degraded",
    "public.customers: late; 212 events wait, the oldest for 4 min.",
  ],
  [
    "a snapshot",
    { tables: [aTable({ state: "SNAPSHOT_START" }), aTable({ name: "b" })] },
    "working",
    "Snapshot: 1 of 2 tables done.",
  ],
  ["nothing yet", { tables: [] }, "unknown", "No table is known yet: no topic of this source exists."],
])("pipeline: %s", (_case, overrides, status, words) => {
  expect(pipelineVerdict(aPipeline(overrides), NOW)).toEqual({ status, words });
});

test("positions grow with age, from now to a week", () => {
  const positions = [0, ...GAUGE.map(({ ageMs }) => ageMs), 30 * 86_400_000].map(positionOf);

  expect(positions).toEqual(positions.toSorted((a, b) => a - b));
  expect(positions[0]).toBe(0);
  expect(positions.at(-1)).toBe(1);
});

describe("the gate view", () => {
  test("a lane caught up: both marks stand together and nothing waits", () => {
    const [lane] = gateView(aPipeline(), NOW).lanes;

    expect(lane).toMatchObject({
      targets: ["shop_customers"],
      gate: "open",
      waiting: null,
      isSourceBroken: false,
    });
    expect(lane?.marks.map(({ label }) => label)).toEqual([
      "Newest captured event: 3 s ago",
      "Newest event delivered by warehouse: 3 s ago",
    ]);
    expect(lane?.marks[0]?.at).toBe(lane?.marks[1]?.at);
  });

  test("a lane behind: what waits stretches from the newest captured to the oldest waiting event", () => {
    const [lane] = gateView(aPipeline({ tables: [aTable(late(240))] }), NOW).lanes;

    expect(lane?.waiting).toEqual({ from: positionOf(3_000), to: positionOf(240_000) });
    expect(lane?.deliveredFrom).toBe(positionOf(241_000));
  });

  test.each([
    ["failed", "broken"],
    ["paused", "closed"],
    ["degraded", "open"],
  ] as const)("a sink that is %s leaves the gate %s", (health, gate) => {
    const [lane] = gateView(aPipeline({ sinks: [aConnector("warehouse", health)] }), NOW).lanes;

    expect(lane?.gate).toBe(gate);
  });

  test("a table nobody reads has no gate, one never captured has no mark", () => {
    const { lanes } = gateView(
      aPipeline({ tables: [aTable({ sinks: [] }), aTable({ name: "z", committedAt: null, sinks: [] })] }),
      NOW,
    );

    expect(lanes.map(({ gate, marks }) => [gate, marks.length])).toEqual([
      ["none", 1],
      ["none", 0],
    ]);
  });

  test("500 tables: those that need somebody and the busiest are drawn, worst first; the rest is grouped and complete", () => {
    const tables = Array.from({ length: 500 }, (_, n) =>
      aTable({ name: `t${n}`, perSecond: n, ...(n % 100 === 0 ? late(300) : {}) }),
    );

    const { lanes, groups } = gateView(aPipeline({ tables }), NOW);

    expect(lanes.slice(0, 5).map(({ verdict }) => verdict.status)).toEqual(Array(5).fill("degraded"));
    expect(lanes.slice(5).map(({ name }) => name)).toEqual(
      [499, 498, 497, 496, 495, 494, 493, 492].map((n) => `t${n}`),
    );
    expect(groups.map(({ words }) => words)).toEqual(["487 tables flow"]);
    expect(lanes.length + groups.reduce((total, group) => total + group.lanes.length, 0)).toBe(500);
  });
});

test.each([
  [null, 3],
  [0, 3],
  [5, 6],
  [50, 9],
  [500, 12],
  [5000, 15],
])("a rate of %s per second is %i px wide", (rate, width) => {
  expect(laneWidth(rate)).toBe(width);
});
