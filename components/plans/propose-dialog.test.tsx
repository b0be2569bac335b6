import { act, cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { ProposeDialog, type ProposeDialogProps } from "./propose-dialog.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
afterEach(() => {
  cleanup();
  push.mockReset();
});

function show(overrides: Partial<ProposeDialogProps> = {}) {
  const props = {
    title: "Discard 3 records?",
    description: "Nothing happens yet.",
    button: "Plan to discard 3 records",
    propose: vi.fn(async () => ({ planId: "p1" })),
    onClose: vi.fn(),
    ...overrides,
  };
  renderWithReplies(
    <ProposeDialog {...props}>
      <input aria-label="Reason" />
    </ProposeDialog>,
    {},
  );
  return { ...props, button: () => screen.getByRole("button", { name: "Plan to discard 3 records" }) };
}

test("what is proposed opens as its plan, asked for once", async () => {
  const { button, propose } = show();

  await userEvent.dblClick(button());

  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  expect(propose).toHaveBeenCalledOnce();
});

test("two clicks before the first is painted ask once", async () => {
  const { button, propose } = show();

  act(() => {
    button().click();
    button().click();
  });

  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  expect(propose).toHaveBeenCalledOnce();
});

test("while the plan is made the dialog cannot be left: nobody is taken to a plan they turned away from", async () => {
  const made = Promise.withResolvers<{ planId: string }>();
  const { button, onClose } = show({ propose: () => made.promise });
  await userEvent.click(button());

  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await userEvent.click(screen.getByRole("button", { name: "Close" }));

  expect(onClose).not.toHaveBeenCalled();
  made.resolve({ planId: "p1" });
  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
});

test("a failure stays in the dialog, which can be left then", async () => {
  const { button, onClose } = show({ propose: () => Promise.reject(new Error("Nothing would be sent")) });

  await userEvent.click(button());

  expect(await screen.findByRole("alert")).toHaveTextContent("There is no plan");
  expect(screen.getByRole("alert")).toHaveTextContent("Nothing would be sent");
  expect(push).not.toHaveBeenCalled();
  await userEvent.keyboard("{Escape}");
  expect(onClose).toHaveBeenCalledOnce();
});

test.each([
  { isReady: true, asked: 1 },
  { isReady: false, asked: 0 },
])("Ctrl-Enter proposes as the button does: ready $isReady", async ({ isReady, asked }) => {
  const { propose } = show({ isReady });

  await userEvent.type(screen.getByLabelText("Reason"), "gone{Control>}{Enter}{/Control}");

  expect(propose).toHaveBeenCalledTimes(asked);
});
