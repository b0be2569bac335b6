import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, renderWithReplies } from "#components/testing/with-replies.tsx";
import { ReplayDialog } from "./replay-dialog.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));
afterEach(() => {
  cleanup();
  push.mockReset();
});

const target = {
  cluster: "lab",
  selection: { filter: "status:PENDING", groups: [7] },
  records: 1_204,
  of: "of public.orders",
};

test("the plan is asked for as the dialog says, and nothing else is sent by default", async () => {
  const { requests } = renderWithReplies(<ReplayDialog target={target} onClose={() => undefined} />, {
    "deadLetters.proposeReplay": () => ({ planId: "p1", replayId: "r1", counts: {} }),
  });

  await userEvent.type(screen.getByLabelText(/^Records a second/), "200");
  await userEvent.click(screen.getByRole("button", { name: "Plan the replay of 1,204 records" }));

  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  expect(requests.at(-1)?.input).toMatchObject({
    cluster: "lab",
    selection: target.selection,
    alsoSend: [],
    canary: 25,
    ratePerSecond: 200,
  });
});

test("a number that is none holds the button back", async () => {
  renderWithReplies(<ReplayDialog target={target} onClose={() => undefined} />, {});

  await userEvent.clear(screen.getByLabelText("Canary"));
  await userEvent.type(screen.getByLabelText("Canary"), "many");

  expect(screen.getByText("A whole number from 0 to 1,000")).toBeVisible();
  expect(screen.getByRole("button", { name: /Plan the replay/ })).toBeDisabled();
});

test("why nothing would be sent stays in the dialog", async () => {
  renderWithReplies(<ReplayDialog target={target} onClose={() => undefined} />, {
    "deadLetters.proposeReplay": () =>
      new Refusal(412, "None of these 1204 records would be sent: 1204 superseded.", {
        code: "PRECONDITION_FAILED",
        reason: "precondition_failed",
        upstream: null,
        retryable: false,
        problems: [],
      }),
  });

  await userEvent.click(screen.getByRole("button", { name: /Plan the replay/ }));

  expect(await screen.findByRole("alert")).toHaveTextContent("1204 superseded");
  expect(push).not.toHaveBeenCalled();
});
