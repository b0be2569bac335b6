import { cleanup, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DriftHeatMap } from "./heat-map.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
beforeEach(() => {
  // The page has no layout here, and the virtual lines need a height to fill.
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(384);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
  HTMLElement.prototype.scrollTo = vi.fn() as typeof HTMLElement.prototype.scrollTo;
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  push.mockReset();
});

const days = ["2026-11-20", "2026-11-21"];
const cell = (day: string, percent: number | null) => ({
  day,
  isChecked: percent !== null,
  unexplainedPercent: percent,
  unexplainedRows: percent === null ? null : 3,
  runs: percent === null ? 0 : 1,
  failed: 0,
  level: percent === null ? ("unknown" as const) : ("critical" as const),
});
const heatMap = {
  days,
  tables: ["public.orders", "public.items"].map((table, index) => ({
    id: index + 1,
    table,
    pipeline: "shop",
    state: "drift_unexplained" as const,
    isRunning: false,
    cells: [cell("2026-11-20", null), cell("2026-11-21", 7.5)],
  })),
};

test("arrow keys walk the cells, one of which Tab leads to, and Enter opens the table", async () => {
  render(<DriftHeatMap heatMap={heatMap} />);
  const grid = screen.getByRole("grid", { name: "Unexplained drift by table and day" });

  within(grid)
    .getByRole("gridcell", { name: /^public.orders, 2026-11-21: critical, 7.5 %/ })
    .focus();
  await userEvent.keyboard("{ArrowLeft}{ArrowDown}{ArrowDown}");

  const reached = within(grid).getByRole("gridcell", { name: "public.items, 2026-11-20: not checked" });
  expect(reached).toHaveFocus();
  expect(grid.querySelectorAll("[role=gridcell][tabindex='0']")).toHaveLength(1);
  await userEvent.keyboard("{Enter}");
  expect(push).toHaveBeenCalledWith("/reconciliation/tables/2");
});

test("the same numbers stand in a table, newest day first, and back again", async () => {
  render(<DriftHeatMap heatMap={heatMap} />);

  await userEvent.click(screen.getByRole("button", { name: "Table" }));
  const row = screen.getByRole("row", { name: /public.orders/ });
  expect(
    within(row)
      .getAllByRole("cell")
      .map(({ textContent }) => textContent),
  ).toEqual(["7.5 %", "not checked"]);
  await userEvent.click(screen.getByRole("button", { name: "Table" }));
  expect(screen.getByRole("grid")).toBeVisible();
});

test("where a filter leaves fewer tables, Tab still leads into the map", async () => {
  const { rerender } = render(<DriftHeatMap heatMap={heatMap} />);
  screen.getByRole("gridcell", { name: /^public.items, 2026-11-21/ }).focus();

  rerender(<DriftHeatMap heatMap={{ days, tables: heatMap.tables.slice(0, 1) }} />);

  const grid = screen.getByRole("grid");
  expect(grid.querySelectorAll("[role=gridcell][tabindex='0']")).toHaveLength(1);
  screen.getByRole("gridcell", { name: /^public.orders, 2026-11-21/ }).focus();
  await userEvent.keyboard("{Enter}");
  expect(push).toHaveBeenCalledWith("/reconciliation/tables/1");
});

test("of many tables only those in view are on the page, and the keyboard reaches them all", async () => {
  const tables = Array.from({ length: 500 }, (_table, index) => ({
    id: index + 1,
    table: `public.table_${index}`,
    pipeline: "shop",
    state: "ok" as const,
    isRunning: false,
    cells: [cell("2026-11-20", null), cell("2026-11-21", 7.5)],
  }));
  render(<DriftHeatMap heatMap={{ days, tables }} />);
  const grid = screen.getByRole("grid");

  expect(within(grid).getAllByRole("row").length).toBeLessThan(60);
  expect(grid).toHaveAttribute("aria-rowcount", "500");
  within(grid)
    .getByRole("gridcell", { name: /^public.table_0, 2026-11-21/ })
    .focus();
  await userEvent.keyboard("{PageDown>50/}{ArrowDown}{Home}");

  const last = within(grid).getByRole("gridcell", { name: "public.table_499, 2026-11-20: not checked" });
  expect(last).toHaveFocus();
  expect(last.closest("[role=row]")).toHaveAttribute("aria-rowindex", "500");
});
