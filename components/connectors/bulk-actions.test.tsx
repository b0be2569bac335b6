import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { BulkActions } from "./bulk-actions.tsx";
import type { ConnectorRow, OperatedItem } from "./connector-outputs.ts";

afterEach(cleanup);

function aRow(name: string): ConnectorRow {
  return {
    cluster: "lab",
    name,
    type: "sink",
    plugin: "io.example.Sink",
    pluginVersion: "1",
    health: "healthy",
    since: new Date(0),
    seenAt: new Date(0),
    tasks: { total: 1, running: 1, failed: 0 },
    pipelines: [],
    version: 1,
    isChangedOutside: false,
    hasPlaintextSecret: false,
  } as ConnectorRow;
}

const rows = ["a", "b", "c"].map(aRow);

async function pauseAll(outcomes: readonly OperatedItem["outcome"][]) {
  const [clear, keep] = [vi.fn(), vi.fn()];
  renderWithReplies(<BulkActions rows={rows} clear={clear} keep={keep} />, {
    "connectors.operateMany": () =>
      outcomes.map((outcome, index) => ({
        cluster: "lab",
        name: rows[index]?.name,
        outcome,
        message: outcome === "done" ? null : `why ${rows[index]?.name}`,
      })),
  });
  await userEvent.click(screen.getByRole("button", { name: "Pause" }));
  await userEvent.click(await screen.findByRole("button", { name: "Pause 3 connectors" }));
  return { clear, keep };
}

test("all done: the choice is given up", async () => {
  const { clear, keep } = await pauseAll(["done", "done", "done"]);

  await waitFor(() => expect(clear).toHaveBeenCalledOnce());
  expect(keep).not.toHaveBeenCalled();
});

test("only those that were not done stay chosen, each with its reason", async () => {
  const { clear, keep } = await pauseAll(["done", "refused", "not_tried"]);

  expect(await screen.findByText("Pause: 2 connectors were not done")).toBeVisible();
  expect(screen.getByText(/The other one was done/)).toBeVisible();
  expect(screen.getByRole("row", { name: /b refused why b/ })).toBeVisible();
  expect(screen.getByRole("row", { name: /c not tried why c/ })).toBeVisible();
  expect(keep).toHaveBeenCalledWith([rows[1], rows[2]]);
  expect(clear).not.toHaveBeenCalled();
});

test("when nothing was done, nothing is said to be", async () => {
  await pauseAll(["unknown", "refused", "refused"]);

  expect(await screen.findByText("Pause: 3 connectors were not done")).toBeVisible();
  expect(screen.queryByText(/were done|was done\./)).toBeNull();
  expect(screen.getByRole("row", { name: /a not known why a/ })).toBeVisible();
});
