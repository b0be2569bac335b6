import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { PreferencesProvider } from "#components/shell/preferences-provider.tsx";
import { ShortcutListener } from "#components/shell/shortcuts.tsx";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { CheckedTablePage } from "./checked-table-page.tsx";
import type { CheckedTable } from "./reconciliation-outputs.ts";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams("tab=reports"),
  usePathname: () => "/reconciliation/tables/4",
}));
afterEach(cleanup);

const now = new Date();
const table: CheckedTable = {
  id: 4,
  cluster: "lab",
  pipeline: "shop",
  table: "public.orders",
  sink: "sink",
  target: "orders",
  verdict: {
    state: "ok",
    words: "Every compared row is equal",
    unexplainedPercent: 0,
    explainedPercent: 0,
    level: "within",
  },
  alerts: [],
  method: "checksum",
  settings: DEFAULT_SETTINGS,
  version: 1,
  openUnexplained: 0,
  openExplained: 0,
  ignored: 0,
  sourceRows: 200,
  targetRows: 198,
  comparedRows: 200,
  verifiedAt: now,
  verifiedThrough: "0/9",
  nextRunAt: null,
  nextFullAt: null,
  heldBecause: null,
  running: null,
  last: null,
  types: { missingInTarget: 0, missingInSource: 0, valueMismatch: 0 },
  causes: {},
  columns: [],
  recommendedAction: "Nothing to do: every compared row is equal.",
  counted: { at: new Date(now.getTime() - 3 * 3_600_000), through: "0/7" },
};

test("row counts beside a later verdict say of which check they are", async () => {
  renderWithReplies(<CheckedTablePage id={4} />, {
    "reconciliation.table": () => table,
    "reconciliation.reports": () => [],
  });

  const counts = await screen.findByText(/source 200, target 198 at the full check/);
  expect(counts).toHaveTextContent("3 h ago");
  await userEvent.hover(screen.getByText("3 h ago"));
  expect(screen.getByRole("tooltip")).toHaveTextContent("full check through 0/7");
});

test("drift of a table that cannot be compared now is not known, whatever an earlier check found", async () => {
  renderWithReplies(<CheckedTablePage id={4} />, {
    "reconciliation.table": () => ({ ...table, verdict: { ...table.verdict, state: "not_verifiable" } }),
    "reconciliation.reports": () => [],
  });

  expect(await screen.findByText("0 rows when it was last compared")).toBeVisible();
  expect(screen.getByText("unknown")).toBeVisible();
  expect(screen.queryByText("0 %")).toBeNull();
});

test("c checks the table that is open", async () => {
  const { requests } = renderWithReplies(
    <PreferencesProvider initial={{ nav: "wide", density: "compact", shortcuts: "on" }}>
      <ShortcutListener />
      <CheckedTablePage id={4} />
    </PreferencesProvider>,
    {
      "reconciliation.table": () => table,
      "reconciliation.reports": () => [],
      "reconciliation.start": () => ({ runs: [{ tableId: 4, runId: "r1", isNew: true }] }),
    },
  );
  await screen.findByRole("button", { name: "Check now" });

  await userEvent.keyboard("c");

  await waitFor(() =>
    expect(requests).toContainEqual(
      expect.objectContaining({
        procedure: "reconciliation.start",
        input: { tables: { ids: [4] }, scope: "full" },
      }),
    ),
  );
});
