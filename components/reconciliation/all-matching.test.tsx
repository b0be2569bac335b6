import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { AllMatching } from "./all-matching.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
afterEach(() => {
  cleanup();
  push.mockReset();
});

const row = (id: number, state = "open") => ({ id, state, key: `id=${id}` });

test("exactly the rows that were read, of all pages, are repaired; those that ended meanwhile are not", async () => {
  const { requests } = renderWithReplies(
    <AllMatching tableId={4} filter="cause:unexplained" total={1_002} />,
    {
      "reconciliation.discrepancies": (input) =>
        (input as { page: number }).page === 1
          ? { rows: Array.from({ length: 1_000 }, (_, index) => row(index + 1)), total: 1_002 }
          : { rows: [row(1_001), row(1_002, "resolved")], total: 1_002 },
      "reconciliation.proposeRepair": () => ({ planId: "p1", repairId: "r1", counts: {} }),
    },
  );

  await userEvent.click(screen.getByRole("button", { name: "All 1,002" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Repair all 1,002…" }));
  expect(await screen.findByText("Repair 1,001 rows?")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Plan the repair of 1,001 rows" }));

  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  expect(requests.at(-1)?.input).toEqual({
    selection: { ids: Array.from({ length: 1_001 }, (_, index) => index + 1) },
    method: "reread",
  });
  expect(requests[0]?.input).toMatchObject({ tableId: 4, filter: "cause:unexplained" });
});

test.each([
  { total: 5_001, role: "engineer" },
  { total: 2, role: "viewer" },
] as const)("$total rows in the hands of a(n) $role are not begun with", async ({ total, role }) => {
  const { requests } = renderWithReplies(<AllMatching tableId={4} filter="" total={total} />, {}, role);
  const trigger = screen.getByRole("button", { name: /^All / });
  expect(trigger).toHaveAttribute("aria-disabled", "true");

  await userEvent.click(trigger);
  await userEvent.keyboard("{Enter}");

  expect(screen.queryByRole("menu")).toBeNull();
  expect(requests).toEqual([]);
});
