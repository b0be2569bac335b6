import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { AppRouterContext } from "next/dist/shared/lib/app-router-context.shared-runtime";
import { NuqsTestingAdapter, type UrlUpdateEvent } from "nuqs/adapters/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PreferencesProvider } from "#components/shell/preferences-provider.tsx";
import { ShortcutListener } from "#components/shell/shortcuts.tsx";
import type { FilterGrammar } from "#domain/filters/grammar.ts";
import type { DataColumn } from "./data-column.ts";
import { DataTable, type DataTableProps } from "./data-table.tsx";
import { useListState } from "./use-list-state.ts";

interface Row {
  name: string;
  state: string;
}

const grammar: FilterGrammar = {
  fields: [{ key: "state", label: "State", kind: "choice", values: ["failed", "running"] }],
  freeText: "name",
};
const columns: DataColumn<Row>[] = [
  { id: "name", header: "Name", width: 200, sortable: true, fixed: true, cell: (row) => row.name },
  { id: "state", header: "State", width: 100, sortable: true, cell: (row) => row.state },
];

function rowsOf(count: number): Row[] {
  return Array.from({ length: count }, (_, index) => ({ name: `sink-${index}`, state: "running" }));
}

const router = {
  push: vi.fn(),
  replace: vi.fn(),
  refresh: vi.fn(),
  back: vi.fn(),
  forward: vi.fn(),
  prefetch: vi.fn(),
  bfcacheId: "0",
};
const onUrlUpdate = vi.fn<(event: UrlUpdateEvent) => void>();

beforeEach(() => {
  // The page has no layout here, and the virtual rows need a height to fill.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(640);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
});

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.clearAllMocks();
  localStorage.clear();
});

interface Situation {
  rows?: Row[];
  total?: number;
  error?: unknown;
  url?: string;
  shortcuts?: "on" | "off";
  selectionActions?: DataTableProps<Row>["selectionActions"];
}

function List({ rows, total, error, selectionActions = () => null }: Situation) {
  const list = useListState({ grammar, defaultSort: "name" });
  const query = {
    data: rows && { rows, total: total ?? rows.length },
    error: error ?? null,
    isPending: rows === undefined,
    isFetching: false,
    isPlaceholderData: false,
    dataUpdatedAt: Date.now(),
    refetch: vi.fn(),
  };
  return (
    <DataTable<Row>
      name="sinks"
      noun="sink"
      list={list}
      query={query}
      columns={columns}
      getRowId={(row) => row.name}
      rowLabel={(row) => row.name}
      rowHref={() => "/"}
      selectionActions={selectionActions}
      empty={<p>No sinks yet</p>}
    />
  );
}

function show(situation: Situation) {
  return render(listIn(situation));
}

function listIn(situation: Situation) {
  return (
    <AppRouterContext value={router}>
      <NuqsTestingAdapter searchParams={situation.url ?? ""} onUrlUpdate={onUrlUpdate} hasMemory>
        <PreferencesProvider
          initial={{ nav: "wide", density: "compact", shortcuts: situation.shortcuts ?? "on" }}
        >
          <List {...situation} />
          <ShortcutListener />
        </PreferencesProvider>
      </NuqsTestingAdapter>
    </AppRouterContext>
  );
}

const focused = () => document.activeElement?.getAttribute("aria-label");

test("j and k walk the rows and Enter opens the one with the keyboard", async () => {
  show({ rows: rowsOf(5) });

  await userEvent.keyboard("jjk");
  expect(focused()).toBe("sink-0");
  await userEvent.keyboard("j{Enter}");

  expect(focused()).toBe("sink-1");
  expect(router.push).toHaveBeenCalledWith("/");
});

test("arrows, Home and End walk too, with the single keys switched off", async () => {
  show({ rows: rowsOf(5), shortcuts: "off" });
  screen.getByRole("region", { name: "Sinks" }).focus();

  await userEvent.keyboard("j");
  expect(focused()).toBe("Sinks");
  await userEvent.keyboard("{ArrowDown}{End}{ArrowUp}");

  expect(focused()).toBe("sink-3");
});

test("x selects, Shift-x selects up to the row, and the bar counts exactly", async () => {
  const actions = vi.fn(({ rows }: { rows: Row[] }) => <button type="button">Pause {rows.length}</button>);
  show({ rows: rowsOf(9), selectionActions: actions });

  await userEvent.keyboard("jx");
  expect(screen.getByRole("toolbar", { name: "Selection" })).toHaveTextContent("1 sink selected");
  await userEvent.keyboard("jjj{Shift>}X{/Shift}");

  expect(screen.getByRole("toolbar", { name: "Selection" })).toHaveTextContent("4 sinks selected");
  expect(screen.getByRole("button", { name: "Pause 4" })).toBeInTheDocument();
});

test("Shift-x counts from the row that was selected, wherever it stands by now", async () => {
  const { rerender } = show({ rows: rowsOf(9) });
  await userEvent.keyboard("jx");
  rerender(listIn({ rows: [...rowsOf(9)].reverse() }));

  screen.getByRole("row", { name: "sink-2" }).focus();
  await userEvent.keyboard("{Shift>}X{/Shift}");

  expect(screen.getByRole("toolbar", { name: "Selection" })).toHaveTextContent("3 sinks selected");
});

test("a page past the end says so and leads back", async () => {
  show({ rows: [], total: 120, url: "?page=9" });

  expect(screen.getByText("This page is past the end of the list")).toBeInTheDocument();
  await userEvent.click(screen.getByRole("button", { name: "Go to the last page" }));

  expect(onUrlUpdate.mock.lastCall?.[0].queryString).toBe("?page=2");
});

test("only rows in view are rendered, and their places in the whole list are told", () => {
  show({ rows: rowsOf(1_000), total: 5_012, url: "?page=3&size=1000" });

  const table = screen.getByRole("table");
  const shown = within(table)
    .getAllByRole("row")
    .filter((row) => row.dataset.rowIndex !== undefined);
  expect(shown.length).toBeLessThan(60);
  expect(table).toHaveAttribute("aria-rowcount", "5013");
  expect(shown[0]).toHaveAttribute("aria-rowindex", "2002");
  expect(screen.getByText("2,001–3,000 of 5,012")).toBeInTheDocument();
});

test("sorting is asked of the server by the URL", async () => {
  show({ rows: rowsOf(2) });

  await userEvent.click(screen.getByRole("button", { name: "State" }));

  expect(onUrlUpdate.mock.lastCall?.[0].queryString).toBe("?sort=state");
  expect(screen.getByRole("columnheader", { name: "State" })).toHaveAttribute("aria-sort", "ascending");
});

test("a typed token becomes a chip in the URL, and one the list does not know is named", async () => {
  show({ rows: rowsOf(2) });

  await userEvent.keyboard("/");
  await userEvent.keyboard("state:failed colour:red{Enter}");

  expect(onUrlUpdate.mock.lastCall?.[0].searchParams.get("q")).toBe("state:failed colour:red");
  expect(screen.getByRole("button", { name: "Remove the filter state:failed" })).toBeInTheDocument();
  expect(screen.getByText(/There is no filter colour/)).toBeInTheDocument();
});

test("one part that was left out can be removed, and the other stays named", async () => {
  show({ rows: rowsOf(2), url: "?q=colour:red%20size:big" });

  await userEvent.click(screen.getByRole("button", { name: "Remove colour:red" }));

  expect(onUrlUpdate.mock.lastCall?.[0].searchParams.get("q")).toBe("size:big");
});

test("a value is taken from the suggestions by keyboard alone", async () => {
  show({ rows: rowsOf(2) });
  await userEvent.keyboard("/");

  await userEvent.keyboard("st{ArrowDown}{Enter}{ArrowDown}{Enter}");

  expect(onUrlUpdate.mock.lastCall?.[0].searchParams.get("q")).toBe("state:failed");
});

test("nothing at all and nothing by this filter are told apart", () => {
  show({ rows: [] });
  expect(screen.getByText("No sinks yet")).toBeInTheDocument();
  cleanup();

  show({ rows: [], url: "?q=state:failed" });

  expect(screen.getByText("No sinks match this filter")).toBeInTheDocument();
});

test("a failed refresh keeps the rows and says how old they are", () => {
  show({ rows: rowsOf(2), error: new Error("down") });

  expect(screen.getByText(/Shown as it was/)).toBeInTheDocument();
  expect(screen.getByText("sink-1")).toBeInTheDocument();
});

test("a first read that fails is never shown as an empty list", () => {
  show({ error: new Error("down") });

  expect(screen.getByRole("alert")).toHaveTextContent("Could not read sinks");
  expect(screen.queryByText("No sinks yet")).not.toBeInTheDocument();
});
