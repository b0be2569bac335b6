import { cleanup, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderWithReplies } from "#components/testing/with-replies.tsx";
import { DriftHistory } from "./drift-history.tsx";
import { KeySpreadPanel } from "./key-spread.tsx";
import type { CheckedTable } from "./reconciliation-outputs.ts";

const replace = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({
  useRouter: () => ({ replace }),
  useSearchParams: () => new URLSearchParams("range=90 d"),
}));
afterEach(() => {
  cleanup();
  replace.mockReset();
});

const table = { id: 4, table: "public.orders", verdict: { unexplainedPercent: 0 } } as CheckedTable;
const broken = () => new Refusal(500, "Reference 1234", { code: "INTERNAL_SERVER_ERROR" });

test("where a span cannot be read, another one can still be chosen", async () => {
  renderWithReplies(<DriftHistory table={table} />, { "reconciliation.history": broken });

  expect(await screen.findByText(/Could not read the drift over time/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "7 d" }));

  expect(replace).toHaveBeenCalledWith("?range=7+d", { scroll: false });
});

test("a drift over time that could not be refreshed says its age", async () => {
  let isBroken = false;
  const { queries } = renderWithReplies(<DriftHistory table={table} />, {
    "reconciliation.history": () =>
      isBroken ? broken() : { points: [], marks: [], targetPercent: 1, criticalPercent: 5, isCut: false },
  });
  expect(await screen.findByText("public.orders has no unexplained drift")).toBeVisible();

  isBroken = true;
  await queries.invalidateQueries();

  expect(await screen.findByText(/^Shown as it was/)).toBeVisible();
});

test("that the places of the rows could not be read is said", async () => {
  renderWithReplies(<KeySpreadPanel tableId={4} />, { "reconciliation.keySpread": broken });

  expect(await screen.findByText(/Could not read where the rows lie/)).toBeVisible();
});
