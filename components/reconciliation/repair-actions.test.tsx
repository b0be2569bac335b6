import { act, cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderWithReplies } from "#components/testing/with-replies.tsx";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";
import { RepairActions } from "./repair-actions.tsx";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }) }));
afterEach(cleanup);

const row = { id: 7, tableId: 4, state: "open" } as DiscrepancyRow;

test("rows stay chosen until the server has agreed to check them again", async () => {
  const agreed = Promise.withResolvers<unknown>();
  const onDone = vi.fn();
  renderWithReplies(<RepairActions rows={[row]} onDone={onDone} />, {
    "reconciliation.recheck": () => agreed.promise,
  });

  await userEvent.click(screen.getByRole("button", { name: "Check again" }));
  expect(onDone).not.toHaveBeenCalled();
  agreed.resolve({ runs: [{ rows: 1 }] });

  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
});

test("two clicks before the first is painted check them again once", async () => {
  const onDone = vi.fn();
  const { requests } = renderWithReplies(<RepairActions rows={[row]} onDone={onDone} />, {
    "reconciliation.recheck": () => ({ runs: [{ rows: 1 }] }),
  });
  const button = screen.getByRole("button", { name: "Check again" });

  act(() => {
    button.click();
    button.click();
  });

  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(requests).toHaveLength(1);
});

test("and stay chosen where it refuses", async () => {
  const onDone = vi.fn();
  const { requests } = renderWithReplies(<RepairActions rows={[row]} onDone={onDone} />, {
    "reconciliation.recheck": () =>
      new Refusal(409, "One of them has ended", {
        code: "CONFLICT",
        reason: "conflict",
      }),
  });

  await userEvent.click(screen.getByRole("button", { name: "Check again" }));

  await waitFor(() => expect(requests).toHaveLength(1));
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Check again" })).not.toHaveAttribute("aria-busy"),
  );
  expect(onDone).not.toHaveBeenCalled();
});
