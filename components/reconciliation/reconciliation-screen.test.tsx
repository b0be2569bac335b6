import { cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { withNuqsTestingAdapter } from "nuqs/adapters/testing";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import { ReconciliationScreen } from "./reconciliation-screen.tsx";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams(),
  usePathname: () => "/reconciliation",
}));
afterEach(cleanup);

const fleet = {
  tables: 9,
  states: {
    ok: 1,
    drift_unexplained: 0,
    drift_explained: 0,
    not_checked: 1,
    not_verifiable: 2,
    stale: 2,
    running: 3,
  },
  unexplainedRows: 0,
  unexplainedPercent: 0,
  explainedRows: 0,
  freshShare: null,
  oldest: null,
  alerts: [],
  cost: { runs: 0, failed: 0, rowsRead: 0, bytes: 0, durationMs: 0 },
};
const broken = new Refusal(500, "Reference 1234", { code: "INTERNAL_SERVER_ERROR" });
const Adapter = withNuqsTestingAdapter();

function show(replies: Replies) {
  return renderWithReplies(
    <Adapter>
      <ReconciliationScreen />
    </Adapter>,
    {
      "reconciliation.fleet": () => fleet,
      "reconciliation.tables": () => ({ rows: [], total: 0 }),
      ...replies,
    },
  );
}

test("the first line and the numbers know the same of the tables", async () => {
  show({ "reconciliation.heatMap": () => ({ days: [], tables: [] }) });

  expect(await screen.findByText(/8 not known/)).toBeVisible();
  const note = screen.getByText("1 not checked · 2 stale · 2 not verifiable · 3 running");
  expect(within(note.parentElement ?? note).getByText("8")).toBeVisible();
});

test("the drift by day has its place while it is read", async () => {
  show({ "reconciliation.heatMap": () => new Promise(() => undefined) });

  expect(await screen.findByRole("status", { name: "Reading the drift by day" })).toBeInTheDocument();
});

test.each(["fleet", "heatMap"])(
  "what is shown after a refresh of the %s failed says its age",
  async (name) => {
    let isBroken = false;
    const good: Record<string, unknown> = {
      fleet,
      heatMap: {
        days: ["2026-11-21"],
        tables: [
          {
            id: 1,
            table: "public.orders",
            pipeline: "shop",
            state: "ok",
            isRunning: false,
            cells: [
              {
                day: "2026-11-21",
                isChecked: false,
                unexplainedPercent: null,
                unexplainedRows: null,
                runs: 0,
                failed: 0,
                level: "unknown",
              },
            ],
          },
        ],
      },
    };
    const { queries } = show({
      "reconciliation.heatMap": () => good.heatMap,
      [`reconciliation.${name}`]: () => (isBroken ? broken : good[name]),
    });
    expect(await screen.findByRole("grid")).toBeVisible();
    expect(screen.queryByText(/^Shown as it was/)).toBeNull();

    isBroken = true;
    await queries.invalidateQueries();

    expect(await screen.findByText(/^Shown as it was/)).toBeVisible();
    expect(screen.getByRole("grid")).toBeVisible();
    isBroken = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.queryByText(/^Shown as it was/)).toBeNull());
  },
);
