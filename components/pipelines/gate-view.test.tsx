import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import type { SinkProgress } from "#domain/observability/sink-progress.ts";
import type { PipelineConnector, PipelineTable, PipelineView } from "#domain/pipelines/pipeline-view.ts";
import { GateView } from "./gate-view.tsx";

const NOW = Date.parse("2026-11-21T12:00:00Z");
const ago = (seconds: number) => new Date(NOW - seconds * 1_000);

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});
afterAll(() => {
  vi.useRealTimers();
});
afterEach(cleanup);

function aSink(overrides: Partial<SinkProgress> = {}): SinkProgress {
  return {
    name: "warehouse",
    target: "shop_a",
    delivered: 10,
    deliveredAt: ago(3).getTime(),
    lagEvents: 0,
    waitingSince: null,
    perSecond: 1,
    lost: 0,
    ...overrides,
  };
}

function aTable(name: string, overrides: Partial<PipelineTable> = {}): PipelineTable {
  return {
    name,
    topic: `shop.${name}`,
    topicExists: true,
    state: "STREAMING",
    captured: 10,
    retained: 10,
    committedAt: ago(3),
    capturedAt: ago(3),
    lastOp: "u",
    position: "0/1",
    perSecond: 1,
    lagEvents: 0,
    waitingSince: null,
    sinks: [aSink()],
    ...overrides,
  };
}

function aPipeline(overrides: Partial<PipelineView> = {}): PipelineView {
  const connector = (name: string): PipelineConnector => ({
    name,
    health: "healthy",
    since: ago(60),
    reason: null,
  });
  const up = { state: "up", message: null, lastOkAt: ago(1) } as const;
  return {
    cluster: "lab",
    engine: "postgresql",
    prefix: "shop",
    source: connector("shop"),
    sinks: [connector("warehouse")],
    deadLetters: [],
    checkpoint: null,
    snapshot: null,
    tables: [aTable("public.a"), aTable("public.b")],
    upstreams: { connect: up, kafka: up },
    ...overrides,
  };
}

const behind = { lagEvents: 212, waitingSince: ago(240) };
const lanes = () => screen.getAllByRole("listitem");

test("every lane says in words what it draws, and every mark is a link with the same words", () => {
  const late = aTable("public.late", {
    ...behind,
    sinks: [
      aSink({ ...behind, waitingSince: behind.waitingSince.getTime(), deliveredAt: ago(241).getTime() }),
    ],
  });
  render(<GateView pipeline={aPipeline({ tables: [aTable("public.a"), late] })} />);

  const [first] = lanes();
  if (!first) throw new Error("there is no lane");
  expect(within(first).getByText("Late; 212 events wait, the oldest for 4 min")).toBeVisible();
  const links = within(first).getAllByRole("link");
  expect(links.map((link) => link.getAttribute("aria-label") ?? link.textContent)).toEqual([
    "public.late",
    "public.late. Newest captured event: 3 s ago",
    "public.late. Newest event delivered by warehouse: 4 min ago",
    "Gate of warehouse: open",
  ]);
  expect(links[1]).toHaveAttribute("href", "/pipelines/lab/shop?table=public.late");
  expect(links[3]).toHaveAttribute("href", "/connectors/lab/warehouse");
});

test("a failed sink breaks the gate of its lanes, a paused one closes it", () => {
  const sinks = [
    { name: "warehouse", health: "failed" as const, since: ago(60), reason: "chk" },
    { name: "archive", health: "paused" as const, since: ago(60), reason: null },
  ];
  const tables = [aTable("public.a"), aTable("public.b", { sinks: [aSink({ name: "archive" })] })];
  render(<GateView pipeline={aPipeline({ sinks, tables })} />);

  expect(screen.getByRole("link", { name: "Gate of warehouse: broken" })).toBeVisible();
  expect(screen.getByRole("link", { name: "Gate of archive: closed" })).toBeVisible();
});

describe("by keyboard", () => {
  test("Tab reaches the canal once; arrows go through lanes and marks", async () => {
    const user = userEvent.setup();
    render(
      <>
        <GateView pipeline={aPipeline()} />
        <button type="button">after</button>
      </>,
    );

    await user.tab();
    expect(screen.getByRole("link", { name: "public.a" })).toHaveFocus();
    await user.keyboard("{ArrowDown}");
    expect(screen.getByRole("link", { name: "public.b" })).toHaveFocus();
    await user.keyboard("{ArrowRight}");
    expect(screen.getByRole("link", { name: "public.b. Newest captured event: 3 s ago" })).toHaveFocus();
    await user.keyboard("{Home}");
    expect(screen.getByRole("link", { name: "public.a" })).toHaveFocus();
    await user.tab();
    expect(screen.getByRole("button", { name: "after" })).toHaveFocus();
  });

  test("a group opens with Enter and its lanes follow", async () => {
    const user = userEvent.setup();
    const tables = Array.from({ length: 60 }, (_, n) => aTable(`t${String(n).padStart(2, "0")}`));
    render(<GateView pipeline={aPipeline({ tables })} />);
    expect(lanes()).toHaveLength(9);

    screen.getByRole("button", { name: "52 tables flow" }).focus();
    await user.keyboard("{Enter}");

    expect(lanes()).toHaveLength(61);
    await user.keyboard("{ArrowDown}");
    expect(screen.getByRole("link", { name: "t08" })).toHaveFocus();
  });
});

test("dead letters lie in a basin with their count", () => {
  const deadLetters = [{ topic: "shop.dlq", sinks: ["warehouse"], count: 7 }];
  render(<GateView pipeline={aPipeline({ deadLetters })} />);

  expect(screen.getByText("7 records set aside")).toBeVisible();
  expect(screen.getByRole("link", { name: "Dead letters" })).toHaveAttribute(
    "href",
    expect.stringMatching(/^\/dead-letters\?q=cluster.*connector.*warehouse/),
  );
});
