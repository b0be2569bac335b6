import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { DiscardDialog } from "./discard-dialog.tsx";
import { EditDialog } from "./edit-dialog.tsx";
import { QuarantineDialog } from "./quarantine-dialog.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";
import { RuleDialog } from "./rule-dialog.tsx";

vi.mock("next/navigation", () => ({ useRouter: () => ({ push: vi.fn() }) }));
afterEach(cleanup);

const onClose = () => undefined;
const target = { cluster: "lab", selection: { ids: [1] }, records: 1, of: "" };
const record = { topic: "shop.public.customers", partition: 0, offset: 41, key: "id=105", certain: true };
const quarantine = (
  <QuarantineDialog
    sink={{ cluster: "lab", name: "warehouse-sink" }}
    record={record}
    analysis={{
      state: "stopped_by_record",
      cause: undefined,
      message: undefined,
      table: undefined,
      record,
      aside: undefined,
      waiting: 0,
      quarantined: [],
    }}
    onClose={onClose}
  />
);

test.each([
  { dialog: quarantine, field: /^Reason/, most: 500, button: /Plan the quarantine/ },
  {
    dialog: <DiscardDialog target={target} onClose={onClose} />,
    field: /^Reason/,
    most: 1_000,
    button: /Plan to discard/,
  },
  {
    dialog: <EditDialog cluster="lab" id={1} value={{}} onClose={onClose} />,
    field: /^Reason/,
    most: 2_000,
    button: /Plan to send/,
  },
  {
    dialog: <RuleDialog saved={undefined} onClose={onClose} />,
    field: "Name",
    most: 120,
    button: /Show what/,
  },
  {
    dialog: <RuleDialog saved={undefined} onClose={onClose} />,
    field: /^Table/,
    most: 300,
    button: /Show what/,
  },
])(
  "text that is too long is named at its field: $field of at most $most",
  ({ dialog, field, most, button }) => {
    renderWithReplies(dialog, {});
    const input = screen.getByLabelText(field);

    fireEvent.change(input, { target: { value: "x".repeat(most) } });
    expect(input).not.toHaveAttribute("aria-invalid");
    fireEvent.change(input, { target: { value: "x".repeat(most + 1) } });

    expect(input).toHaveAccessibleDescription(
      expect.stringContaining(`At most ${most.toLocaleString("en-US")} characters`),
    );
    expect(screen.getByRole("button", { name: button })).toBeDisabled();
  },
);

test("a topic that no Kafka would take is named at its field", () => {
  renderWithReplies(<ReplayDialog target={target} onClose={onClose} />, {});
  const input = screen.getByLabelText(/^To another topic/);

  fireEvent.change(input, { target: { value: "two words" } });

  expect(input).toHaveAccessibleDescription(expect.stringContaining("A topic's name has letters"));
  expect(screen.getByRole("button", { name: /Plan the replay/ })).toBeDisabled();
});

test("what a rule does names its own field", async () => {
  renderWithReplies(<RuleDialog saved={undefined} onClose={onClose} />, {});
  fireEvent.change(screen.getByLabelText("They"), { target: { value: "suggest" } });
  const input = await screen.findByLabelText("Suggestion");

  fireEvent.change(input, { target: { value: "x".repeat(1_001) } });

  await waitFor(() =>
    expect(input).toHaveAccessibleDescription(expect.stringContaining("At most 1,000 characters")),
  );
});
