import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import type { ConnectorView } from "./connector-outputs.ts";
import { DriftBanner } from "./drift-banner.tsx";
import { QuarantineBanner } from "./quarantine-banner.tsx";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }) }));
afterEach(cleanup);

const change = (key: string): ConnectorView["changedOutside"][number] => ({
  key,
  kind: "added",
  after: "x",
  effect: "restart",
  consequence: "",
});
const connector: ConnectorView = {
  cluster: "lab",
  name: "warehouse-sink",
  type: "sink",
  plugin: "x.JdbcSinkConnector",
  pluginVersion: null,
  state: "RUNNING",
  health: "healthy",
  worker: "w",
  trace: undefined,
  tasks: [],
  config: {},
  configHash: undefined,
  plaintextSecretKeys: [],
  desired: { version: 3, origin: "created", at: new Date(0), authorName: "Ada" },
  changedOutside: [],
  changedByQuarantine: [change("transforms")],
  quarantined: ["shop.public.customers-0@41"],
  quarantinePlan: "p1",
  since: new Date(0),
  seenAt: new Date(0),
  observed: { state: "up", message: null, lastOkAt: null },
};

function show(over: Partial<ConnectorView>, run: { state: string; message: string } | null) {
  return renderWithReplies(
    <>
      <QuarantineBanner connector={{ ...connector, ...over }} />
      <DriftBanner connector={{ ...connector, ...over }} />
    </>,
    { "plans.get": () => ({ run }) },
  );
}

test("a quarantine is told as Headgate's own, with its plan, and nothing offers to undo it", async () => {
  show({}, { state: "running", message: "" });

  expect(await screen.findByText(/Its run is at work/)).toBeVisible();
  expect(screen.getByText("shop.public.customers-0@41")).toBeVisible();
  expect(screen.getByRole("link", { name: "Plan of the quarantine" })).toHaveAttribute("href", "/plans/p1");
  expect(screen.queryByText("Changed outside Headgate")).toBeNull();
  expect(screen.queryByRole("button", { name: "Plan the way back" })).toBeNull();
});

test.each([
  { state: "failed", todo: /resume the run on its plan/ },
  { state: "aborted", todo: /set the row aside that stops it now/ },
])("a run that ended early ($state) says so and what to do", async ({ state, todo }) => {
  show({}, { state, message: "It stopped at another record" });

  expect(await screen.findByText(/Its run ended early/)).toBeVisible();
  expect(screen.getByText("It stopped at another record")).toBeVisible();
  expect(screen.getByText(todo)).toBeVisible();
});

test("a change from outside on top of it is told beside it", async () => {
  show({ changedOutside: [change("batch.size")] }, null);

  expect(screen.getByRole("region", { name: "A quarantine is in place" })).toBeVisible();
  expect(screen.getByRole("region", { name: "Changed outside Headgate" })).toHaveTextContent(
    "The way back leaves the quarantine in place.",
  );
  expect(await screen.findByText("batch.size")).toBeVisible();
});

test("a list that no plan of Headgate's wrote goes with the way back, and that is said", () => {
  show({ quarantinePlan: null, changedByQuarantine: [], changedOutside: [change("transforms")] }, null);

  expect(screen.getByText(/No plan that Headgate knows put it there/)).toBeVisible();
  expect(screen.getByRole("region", { name: "Changed outside Headgate" })).toHaveTextContent(
    "The way back takes the quarantine away too.",
  );
});

test("settings that a quarantine left behind can be adopted, and a connector without any says nothing", () => {
  show({ quarantined: [], quarantinePlan: null, changedByQuarantine: [change("errors.tolerance")] }, null);
  expect(screen.getByRole("region", { name: "Changed by a quarantine" })).toHaveTextContent("1 key");
  expect(screen.getByRole("button", { name: "Adopt as a version" })).toBeVisible();
  cleanup();

  show({ quarantined: [], quarantinePlan: null, changedByQuarantine: [] }, null);
  expect(screen.queryByRole("region")).toBeNull();
});
