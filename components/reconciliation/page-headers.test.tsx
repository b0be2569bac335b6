import { cleanup, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderWithReplies } from "#components/testing/with-replies.tsx";
import { CheckPage } from "./check-page.tsx";
import { CheckedTablePage } from "./checked-table-page.tsx";
import { ReportPage } from "./report-page.tsx";

vi.mock("next/navigation", () => ({
  useRouter: () => ({ push: vi.fn() }),
  useSearchParams: () => new URLSearchParams(),
  usePathname: () => "/reconciliation",
}));
afterEach(cleanup);

const missing = () =>
  new Refusal(404, "It was deleted", {
    code: "NOT_FOUND",
    reason: "not_found",
  });

test.each([
  ["Checked table", <CheckedTablePage key="table" id={4} />, "reconciliation.table"],
  ["Check", <CheckPage key="check" id="c1" />, "reconciliation.run"],
  ["Reconciliation report", <ReportPage key="report" id="r1" />, "reconciliation.report"],
])("%s: what is not there still has its title and the way back", async (title, page, procedure) => {
  renderWithReplies(page, { [procedure]: missing });

  expect(screen.getByRole("heading", { level: 1, name: title })).toBeVisible();
  expect(screen.getByRole("link", { name: "Reconciliation" })).toHaveAttribute("href", "/reconciliation");
  expect(await screen.findByText("It was deleted")).toBeVisible();
  expect(screen.getByRole("heading", { level: 1, name: title })).toBeVisible();
});
