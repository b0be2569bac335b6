import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import { Overview } from "./overview.tsx";

afterEach(cleanup);

const page = { rows: [], total: 0 };
const fleet = {
  tables: 2,
  states: {
    ok: 2,
    drift_explained: 0,
    drift_unexplained: 0,
    not_checked: 0,
    not_verifiable: 0,
    stale: 0,
    running: 0,
  },
  unexplainedRows: 0,
  explainedRows: 0,
  unexplainedPercent: 0,
  freshShare: 1,
  oldest: { id: 4, table: "public.orders", verifiedAt: new Date() },
  running: 0,
  cost: { runs: 2, rowsRead: 40, bytes: 4_000, durationMs: 90, failed: 0 },
  alerts: [],
};
const fine: Replies = {
  "catalog.clusters": () => ({
    clusters: [
      {
        name: "eu",
        upstreams: [
          {
            upstream: "connect",
            state: "up",
            message: null,
            lastOkAt: new Date(),
            since: new Date(),
            facts: {},
          },
        ],
      },
    ],
    hint: null,
  }),
  "connectors.summary": () => ({ total: 2, byHealth: { healthy: 2 }, clusters: [] }),
  "connectors.list": () => page,
  "pipelines.list": () => page,
  "plans.summary": () => ({}),
  "plans.worker": () => ({ running: 1, lastSeenAt: new Date() }),
  "deadLetters.summary": () => ({
    open: 0,
    groups: { open: 0, regressed: 0, muted: 0 },
    systemic: [],
    topics: { total: 0, behind: 0 },
  }),
  "reconciliation.fleet": () => fleet,
};
const down = () =>
  new Refusal(503, "The state database did not answer", {
    code: "SERVICE_UNAVAILABLE",
    reason: "upstream_unavailable",
    upstream: "state database",
  });

test("with everything read and nothing wrong, nothing waits", async () => {
  renderWithReplies(<Overview />, fine);

  expect(await screen.findByText("Nothing waits for you")).toBeVisible();
  expect(screen.getByText("Nothing is broken: 2 of 2 connectors run.")).toBeVisible();
});

test.each(["pipelines.list", "connectors.list", "plans.summary", "reconciliation.fleet"])(
  "while %s cannot be read, nothing is called fine",
  async (procedure) => {
    renderWithReplies(<Overview />, { ...fine, [procedure]: down });

    expect(await screen.findByText(/Could not read all that needs a person/)).toBeVisible();
    expect(screen.queryByText("Nothing waits for you")).toBeNull();
    if (procedure === "pipelines.list") expect(screen.queryByText(/Nothing is broken/)).toBeNull();
  },
);

test("tables that differ without an explanation wait for a person", async () => {
  renderWithReplies(<Overview />, {
    ...fine,
    "reconciliation.fleet": () => ({
      ...fleet,
      states: { ...fleet.states, ok: 1, drift_unexplained: 1 },
      unexplainedRows: 3,
      unexplainedPercent: 0.5,
    }),
  });

  expect(await screen.findByRole("link", { name: "1 table" })).toHaveAttribute(
    "href",
    "/reconciliation?q=state%3Adrift_unexplained",
  );
  expect(
    screen.getByText("1 of 2 tables proven equal; 1 with drift that nothing explains (3 rows, 0.5 %)."),
  ).toBeVisible();
});
