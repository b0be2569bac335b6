import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderWithReplies } from "#components/testing/with-replies.tsx";
import { DecideDialog, type Decision } from "./decide-dialog.tsx";

afterEach(cleanup);

function show(decision: Decision, rows: number, reply: () => unknown = () => ({ decided: rows })) {
  const onClose = vi.fn();
  const onDone = vi.fn();
  const ids = Array.from({ length: rows }, (_, index) => ({ id: index + 1 }));
  const { requests } = renderWithReplies(
    <DecideDialog decision={decision} rows={ids} onClose={onClose} onDone={onDone} />,
    { [`reconciliation.${decision}`]: reply },
  );
  return { onClose, onDone, requests };
}

test("a few rows take a reason, and ignoring them a last day", async () => {
  const { requests, onDone, onClose } = show("ignore", 2);
  const button = screen.getByRole("button", { name: "Ignore 2 rows" });
  expect(button).toBeDisabled();
  await userEvent.type(screen.getByLabelText("Reason"), "test data");
  await userEvent.clear(screen.getByLabelText("Until the end of (UTC)"));
  expect(button).toBeDisabled();

  await userEvent.type(screen.getByLabelText("Until the end of (UTC)"), "2027-01-31");
  await userEvent.click(button);

  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(onDone).toHaveBeenCalledOnce();
  expect(requests[0]?.input).toEqual({
    selection: { ids: [1, 2] },
    reason: "test data",
    until: new Date("2027-01-31T23:59:59Z"),
  });
});

test.each(["ignore", "resolve", "reopen"] as const)(
  "to %s many rows, their number is typed",
  async (decision) => {
    show(decision, 5_000);
    await userEvent.type(screen.getByLabelText("Reason"), "test data");
    const button = screen.getByRole("button", { name: /5,000 rows$/ });
    expect(button).toBeDisabled();

    await userEvent.type(screen.getByLabelText("Type the number 5,000"), "5000");

    expect(button).toBeEnabled();
  },
);

test("a refusal is said in the dialog, and the rows stay chosen", async () => {
  const { onDone, onClose } = show(
    "resolve",
    1,
    () =>
      new Refusal(409, "One of them has ended meanwhile", {
        code: "CONFLICT",
        reason: "conflict",
      }),
  );
  await userEvent.type(screen.getByLabelText("Reason"), "repaired by hand");

  await userEvent.click(screen.getByRole("button", { name: "Resolve 1 row" }));

  expect(await screen.findByRole("alert")).toHaveTextContent("One of them has ended meanwhile");
  expect(onDone).not.toHaveBeenCalled();
  expect(onClose).not.toHaveBeenCalled();
});
