import { act, cleanup, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import { onFirstToast, showToastsWith, type ToastMessage } from "#components/ui/toast.ts";
import { CheckSelection } from "./check-selection.tsx";

const push = vi.hoisted(() => vi.fn());
vi.mock("next/navigation", () => ({ useRouter: () => ({ push }) }));

let toasts: ToastMessage[] = [];
onFirstToast(() => undefined);
showToastsWith((message) => toasts.push(message));
afterEach(() => {
  cleanup();
  toasts = [];
  push.mockReset();
});

const started = { runs: [{ tableId: 4, runId: "r1", isNew: true }] };
const gone = new Refusal(412, "The pipeline no longer carries this table", {
  code: "PRECONDITION_FAILED",
  reason: "precondition_failed",
  upstream: null,
  retryable: false,
  problems: [],
});

function show(replies: Replies) {
  const onDone = vi.fn();
  const { requests } = renderWithReplies(<CheckSelection tables={[{ id: 4 }]} onDone={onDone} />, replies);
  const sent = () => requests.map(({ procedure }) => procedure);
  return { onDone, sent };
}

const button = (name: string) => screen.getByRole("button", { name });

/** Before the first click is painted. */
function clickTwice(name: string) {
  act(() => {
    button(name).click();
    button(name).click();
  });
}

test("two quick clicks check once, and say so once", async () => {
  const { onDone, sent } = show({ "reconciliation.start": () => started });

  clickTwice("Check now");

  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(sent()).toEqual(["reconciliation.start"]);
  expect(toasts).toMatchObject([{ kind: "success", title: "1 check queued" }]);
});

test("two quick clicks make one plan", async () => {
  const { sent } = show({ "reconciliation.propose": () => ({ planId: "p1" }) });

  clickTwice("Plan with its cost");

  await waitFor(() => expect(push).toHaveBeenCalledWith("/plans/p1"));
  expect(sent()).toEqual(["reconciliation.propose"]);
});

test("a check that is queued already is told as news, not as a failure", async () => {
  show({ "reconciliation.start": () => ({ runs: [{ tableId: 4, runId: "r1", isNew: false }] }) });

  act(() => button("Check now").click());

  await waitFor(() =>
    expect(toasts).toMatchObject([{ kind: "info", title: "A check is under way already" }]),
  );
});

test("after a refusal it can be asked again", async () => {
  const replies = [gone, started];
  const { onDone, sent } = show({ "reconciliation.start": () => replies.shift() });
  act(() => button("Check now").click());
  await waitFor(() => expect(toasts).toMatchObject([{ kind: "error", title: "Not started" }]));
  await waitFor(() => expect(button("Check now")).toBeEnabled());

  act(() => button("Check now").click());

  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(sent()).toHaveLength(2);
});
