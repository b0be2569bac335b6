import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { withNuqsTestingAdapter } from "nuqs/adapters/testing";
import { afterEach, expect, test, vi } from "vitest";
import { PreferencesProvider } from "#components/shell/preferences-provider.tsx";
import { ShortcutListener } from "#components/shell/shortcuts.tsx";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import { showToastsWith, type ToastMessage } from "#components/ui/toast.ts";
import { ReconciliationScreen } from "./reconciliation-screen.tsx";

const replace = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn(), replace }),
  useSearchParams: () => new URLSearchParams(),
  usePathname: () => "/reconciliation",
}));
let toasts: ToastMessage[] = [];
showToastsWith((message) => toasts.push(message));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  replace.mockReset();
  toasts = [];
});

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
const heatMap = {
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
};
const broken = new Refusal(500, "Reference 1234", { code: "INTERNAL_SERVER_ERROR" });
const Adapter = withNuqsTestingAdapter();

function show(replies: Replies) {
  return renderWithReplies(
    <Adapter>
      <PreferencesProvider initial={{ nav: "wide", density: "compact", shortcuts: "on" }}>
        <ShortcutListener />
        <ReconciliationScreen />
      </PreferencesProvider>
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
    const good: Record<string, unknown> = { fleet, heatMap };
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

test("the keys choose the days of the heat map and turn it into a table, but not while somebody types", async () => {
  const { requests } = show({ "reconciliation.heatMap": () => heatMap });
  await screen.findByRole("grid");
  expect(requests.find(({ procedure }) => procedure === "reconciliation.heatMap")?.input).toMatchObject({
    days: 28,
  });

  await userEvent.keyboard("1h");
  expect(replace.mock.calls).toEqual([["?range=7+d", { scroll: false }]]);
  expect(screen.getByRole("region", { name: "The same as a table" })).toBeVisible();
  await userEvent.keyboard("h");
  expect(screen.getByRole("grid")).toBeVisible();
  await userEvent.keyboard("/2hc");

  expect(screen.getByRole("combobox")).toHaveValue("2hc");
  expect(replace).toHaveBeenCalledOnce();
  expect(screen.getByRole("grid")).toBeVisible();
});

/** The page has no layout here, and the virtual lines need a height to fill. */
function layOut() {
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(384);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
}

const listed = {
  id: 2,
  table: "public.items",
  pipeline: "shop",
  target: "items",
  verdict: { state: "ok", words: "Every compared row is equal", unexplainedPercent: 0 },
  hours: [null, 0.5, 0],
  openUnexplained: 0,
  openExplained: 0,
  comparedRows: 10,
  verifiedAt: new Date(),
  nextRunAt: null,
};

test("a row shows the drift of its last hours with the worst beside it", async () => {
  layOut();
  show({
    "reconciliation.heatMap": () => heatMap,
    "reconciliation.tables": () => ({ rows: [listed], total: 1 }),
  });

  const row = await screen.findByRole("row", { name: "public.items" });

  const bars = within(row).getByRole("img", { name: /^At most 0.5 % .* 1 hour not checked$/ });
  expect(bars.closest("td")).toHaveTextContent("0.5 %");
});

test("c checks the table in whose line the keyboard is", async () => {
  layOut();
  const { requests } = show({
    "reconciliation.heatMap": () => heatMap,
    "reconciliation.tables": () => ({ rows: [listed], total: 1 }),
    "reconciliation.start": () => ({ runs: [{ tableId: 1, runId: "r1", isNew: true }] }),
  });
  const cell = await screen.findByRole("gridcell", { name: /^public.orders/ });
  await screen.findByRole("row", { name: "public.items" });

  await userEvent.keyboard("c");
  expect(toasts).toMatchObject([{ kind: "info", title: "No table has the keyboard" }]);
  cell.focus();
  await userEvent.keyboard("c");
  await waitFor(() => expect(toasts).toHaveLength(2));
  act(() => cell.blur());
  await userEvent.keyboard("jc");
  await waitFor(() => expect(toasts).toHaveLength(3));

  expect(toasts.slice(1)).toMatchObject(Array(2).fill({ kind: "success", title: "1 check queued" }));
  const started = requests.filter(({ procedure }) => procedure === "reconciliation.start");
  expect(started.map(({ input }) => input)).toEqual([
    { tables: { ids: [1] }, scope: "full" },
    { tables: { ids: [2] }, scope: "full" },
  ]);
});
