import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { StoppedSinkPanel } from "./stopped-sink-panel.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
afterEach(() => {
  cleanup();
  push.mockReset();
});

const sink = { cluster: "lab", name: "warehouse-sink" };
const record = { topic: "shop.public.customers", partition: 0, offset: 41, key: "id=105", certain: true };
const stopped = {
  state: "stopped_by_record",
  cause: {
    id: "check",
    title: "Row breaks a check of the target",
    likelyCause: "A check constraint on the target forbids a value the source allows.",
    action: "Change or drop the check.",
    transient: false,
  },
  message: 'new row for relation "customers" violates check constraint "no_bad"',
  table: "public.customers",
  record,
  waiting: 212,
  quarantined: [],
};

test("the row is named, and the plan is made for exactly the record that was shown", async () => {
  const { requests } = renderWithReplies(<StoppedSinkPanel {...sink} />, {
    "deadLetters.stoppedSink": () => stopped,
    "deadLetters.proposeQuarantine": () => ({ planId: "p1" }),
  });

  expect(await screen.findByText("Row id=105 of public.customers stopped this sink")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Quarantine and go on" }));
  const most = await screen.findByLabelText("Rows at most");
  await userEvent.clear(most);
  await userEvent.type(most, "5");
  await userEvent.click(screen.getByRole("button", { name: "Plan the quarantine" }));

  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  expect(requests.at(-1)).toMatchObject({
    procedure: "deadLetters.proposeQuarantine",
    input: { ...sink, record: { topic: record.topic, partition: 0, offset: 41 }, atMost: 5 },
  });
});

test("without a named record, quarantine cannot be asked for and says why", async () => {
  renderWithReplies(<StoppedSinkPanel {...sink} />, {
    "deadLetters.stoppedSink": () => ({ ...stopped, state: "stopped", record: undefined }),
  });

  expect(await screen.findByRole("button", { name: /Quarantine and go on/ })).toHaveAttribute(
    "title",
    expect.stringContaining("No record could be named"),
  );
});

test("who may only look is told who can act", async () => {
  renderWithReplies(<StoppedSinkPanel {...sink} />, { "deadLetters.stoppedSink": () => stopped }, "viewer");

  expect(await screen.findByRole("button", { name: /Quarantine and go on/ })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  expect(screen.getByRole("button", { name: /Fixed: restart/ })).toHaveAttribute("aria-disabled", "true");
});
