import { cleanup, screen } from "@testing-library/react";
import { withNuqsTestingAdapter } from "nuqs/adapters/testing";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { DiscrepancyList, type DiscrepancyListProps } from "./discrepancy-list.tsx";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams(),
  usePathname: () => "/reconciliation/tables/4",
}));
afterEach(cleanup);

const Adapter = withNuqsTestingAdapter();
const show = (verdict: DiscrepancyListProps["verdict"]) =>
  renderWithReplies(
    <Adapter>
      <DiscrepancyList tableId={4} verdict={verdict} />
    </Adapter>,
    { "reconciliation.discrepancies": () => ({ rows: [], total: 0 }) },
  );

test("only where the table is proven equal, an empty list is good news", async () => {
  show({ state: "ok", words: "Every compared row is equal" });

  expect(await screen.findByText("No row is known to differ")).toBeVisible();
});

test.each(["not_checked", "not_verifiable", "stale", "running"] as const)(
  "where it is %s, nothing is known of its rows",
  async (state) => {
    show({ state, words: "The sink is paused" });

    const message = await screen.findByText("Not known whether rows differ");
    expect(message.closest("[data-state-kind]")).toHaveAttribute("data-state-kind", "empty");
    expect(screen.getByText(/The sink is paused/)).toBeVisible();
    expect(screen.queryByText("No row is known to differ")).toBeNull();
  },
);

test("where a check has only counted, the rows are not called equal", async () => {
  show({ state: "drift_unexplained", words: "12 rows differ and nothing explains it (1 %)" });

  expect(await screen.findByText("No row is kept one by one")).toBeVisible();
  expect(screen.getByText(/12 rows differ/)).toBeVisible();
});
