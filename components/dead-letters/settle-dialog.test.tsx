import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { SettleDialog } from "./settle-dialog.tsx";

afterEach(cleanup);

const target = {
  cluster: "lab",
  selection: { filter: "status:PENDING", groups: [7] },
  of: "of public.orders",
};

test("many records take a reason and their number, and the dialog stays until they are settled", async () => {
  const settled = Promise.withResolvers<{ settled: number }>();
  const onClose = vi.fn();
  const { requests } = renderWithReplies(
    <SettleDialog
      settling="ignore"
      target={{ ...target, records: 10_000, isCapped: true }}
      onClose={onClose}
    />,
    { "deadLetters.ignore": () => settled.promise },
  );
  const button = screen.getByRole("button", { name: "Ignore more than 10,000 records" });
  await userEvent.type(screen.getByLabelText("Reason"), "load test");
  expect(button).toBeDisabled();

  await userEvent.type(screen.getByLabelText("Type the number 10,000"), "10,000");
  await userEvent.click(button);
  await waitFor(() => expect(requests).toHaveLength(1));
  await userEvent.keyboard("{Escape}");
  expect(onClose).not.toHaveBeenCalled();
  settled.resolve({ settled: 12_345 });

  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(requests[0]?.input).toEqual({
    selection: { filter: "status:PENDING", groups: [7] },
    reason: "load test",
  });
});
