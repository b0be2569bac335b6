import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import { Overview } from "./overview.tsx";

afterEach(cleanup);

const page = { rows: [], total: 0 };
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
};
const down = () =>
  new Refusal(503, "The state database did not answer", {
    code: "SERVICE_UNAVAILABLE",
    reason: "upstream_unavailable",
    upstream: "state database",
    retryable: false,
    problems: [],
  });

test("with everything read and nothing wrong, nothing waits", async () => {
  renderWithReplies(<Overview />, fine);

  expect(await screen.findByText("Nothing waits for you")).toBeVisible();
  expect(screen.getByText("Nothing is broken: 2 of 2 connectors run.")).toBeVisible();
});

test.each(["pipelines.list", "connectors.list", "plans.summary"])(
  "while %s cannot be read, nothing is called fine",
  async (procedure) => {
    renderWithReplies(<Overview />, { ...fine, [procedure]: down });

    expect(await screen.findByText(/Could not read all that needs a person/)).toBeVisible();
    expect(screen.queryByText("Nothing waits for you")).toBeNull();
    if (procedure === "pipelines.list") expect(screen.queryByText(/Nothing is broken/)).toBeNull();
  },
);
