import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { ConfirmDialog, type ConfirmDialogProps } from "./confirm-dialog.tsx";

afterEach(cleanup);

function show(overrides: Partial<ConfirmDialogProps> = {}) {
  const props = {
    open: true,
    onOpenChange: vi.fn(),
    title: "Delete 3 connectors?",
    verb: "Delete",
    pendingVerb: "Deleting…",
    count: 3,
    noun: "connector",
    onConfirm: vi.fn(async () => {}),
    describeFailure: (error: unknown) => (error instanceof Error ? error.message : "?"),
    ...overrides,
  };
  render(<ConfirmDialog {...props} />);
  return { ...props, button: () => screen.getByRole("button", { name: "Delete 3 connectors" }) };
}

test("level 1 needs one click, and the button repeats the verb with the number", async () => {
  const { button, onConfirm, onOpenChange } = show({ level: 1 });

  await userEvent.click(button());

  expect(onConfirm).toHaveBeenCalledWith({ reason: "" });
  expect(onOpenChange).toHaveBeenCalledWith(false);
});

test("level 2 waits for a reason and the typed count", async () => {
  const { button, onConfirm } = show({ level: 2 });
  expect(button()).toBeDisabled();

  await userEvent.type(screen.getByLabelText("Reason"), "decommissioned");
  expect(button()).toBeDisabled();
  await userEvent.type(screen.getByLabelText("Type the number 3"), "4");
  expect(button()).toBeDisabled();
  await userEvent.clear(screen.getByLabelText("Type the number 3"));
  await userEvent.type(screen.getByLabelText("Type the number 3"), "3");
  await userEvent.click(button());

  expect(onConfirm).toHaveBeenCalledWith({ reason: "decommissioned" });
});

test("a reason longer than the server takes is named at its field, and not sent", async () => {
  const { onConfirm } = show({ asksReason: "Kept.", count: undefined });
  const field = screen.getByLabelText("Reason");
  await userEvent.click(field);
  await userEvent.paste("x".repeat(2_001));

  expect(field).toHaveAccessibleDescription(/At most 2,000 characters/);
  expect(screen.getByRole("button", { name: "Delete" })).toBeDisabled();
  expect(onConfirm).not.toHaveBeenCalled();
});

test("level 3 also waits for the name, letter by letter", async () => {
  const { button, onConfirm } = show({ level: 3, confirmName: "orders-sink" });
  await userEvent.type(screen.getByLabelText("Reason"), "gone");
  await userEvent.type(screen.getByLabelText("Type the number 3"), "3");
  await userEvent.type(screen.getByLabelText("Type the name orders-sink"), "Orders-sink");
  expect(button()).toBeDisabled();

  await userEvent.clear(screen.getByLabelText("Type the name orders-sink"));
  await userEvent.type(screen.getByLabelText("Type the name orders-sink"), "orders-sink");
  await userEvent.click(button());

  expect(onConfirm).toHaveBeenCalledOnce();
});

test("a failure keeps the dialog open, says why and keeps what was typed", async () => {
  const { button, onOpenChange } = show({
    level: 2,
    onConfirm: () => Promise.reject(new Error("Kafka Connect is rebalancing")),
  });
  await userEvent.type(screen.getByLabelText("Reason"), "gone");
  await userEvent.type(screen.getByLabelText("Type the number 3"), "3");

  await userEvent.click(button());

  expect(await screen.findByRole("alert")).toHaveTextContent("Kafka Connect is rebalancing");
  expect(screen.getByLabelText("Reason")).toHaveValue("gone");
  expect(onOpenChange).not.toHaveBeenCalled();
});

test("Ctrl-Enter confirms, but not before it may", async () => {
  const { onConfirm } = show({ level: 2 });
  await userEvent.type(screen.getByLabelText("Type the number 3"), "3");
  await userEvent.type(screen.getByLabelText("Reason"), "{Control>}{Enter}{/Control}");
  expect(onConfirm).not.toHaveBeenCalled();

  await userEvent.type(screen.getByLabelText("Reason"), "gone{Control>}{Enter}{/Control}");

  expect(onConfirm).toHaveBeenCalledOnce();
});

test("while the act is under way the dialog cannot be left, so that a failure is always seen", async () => {
  const done = Promise.withResolvers<void>();
  const { button, onOpenChange } = show({ level: 1, onConfirm: () => done.promise });
  await userEvent.click(button());

  await userEvent.keyboard("{Escape}");
  await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  expect(onOpenChange).not.toHaveBeenCalled();
  done.reject(new Error("Kafka Connect is rebalancing"));

  expect(await screen.findByRole("alert")).toHaveTextContent("Kafka Connect is rebalancing");
  await userEvent.keyboard("{Escape}");
  expect(onOpenChange).toHaveBeenCalledWith(false);
});

test("two clicks before the first is painted confirm once", async () => {
  const { button, onConfirm, onOpenChange } = show({ level: 1 });

  act(() => {
    button().click();
    button().click();
  });

  await waitFor(() => expect(onOpenChange).toHaveBeenCalledWith(false));
  expect(onConfirm).toHaveBeenCalledOnce();
});
