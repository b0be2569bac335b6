import { act, cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { CAUSES } from "#domain/dead-letters/causes.ts";
import { AssignDialog } from "./assign-dialog.tsx";
import type { GroupRow } from "./dead-letter-outputs.ts";
import { MuteDialog } from "./mute-dialog.tsx";
import { RuleDialog } from "./rule-dialog.tsx";
import { TopicDialog } from "./topic-dialog.tsx";

const onClose = vi.fn();
beforeEach(() => onClose.mockReset());
afterEach(cleanup);

const [cause] = CAUSES;
if (!cause) throw new Error("there are no causes");
const group: GroupRow = {
  id: 7,
  cluster: "lab",
  connector: "warehouse-sink",
  table: "public.orders",
  stage: "TASK_PUT",
  exceptions: [],
  message: "boom",
  cause,
  status: "open",
  owner: null,
  records: 3,
  open: 3,
  keys: 3,
  firstSeen: null,
  lastSeen: null,
  hours: [],
  systemic: null,
};

interface Case {
  dialog: ReactNode;
  procedure: string;
  fill: () => Promise<void>;
  button: RegExp;
}

const CASES: [string, Case][] = [
  [
    "muting",
    {
      dialog: <MuteDialog groups={[group]} onClose={onClose} />,
      procedure: "deadLetters.mute",
      fill: () => Promise.resolve(),
      button: /^Mute/,
    },
  ],
  [
    "assigning",
    {
      dialog: <AssignDialog groups={[group]} onClose={onClose} />,
      procedure: "deadLetters.assign",
      fill: () => Promise.resolve(),
      button: /^Assign/,
    },
  ],
  [
    "adding a topic",
    {
      dialog: <TopicDialog act={{ do: "add" }} onClose={onClose} />,
      procedure: "deadLetters.addTopic",
      fill: async () => {
        await screen.findByRole("option", { name: "lab" });
        await userEvent.type(screen.getByLabelText("Topic"), "dlq.orders");
      },
      button: /^Add/,
    },
  ],
  [
    "saving a rule",
    {
      dialog: <RuleDialog saved={undefined} onClose={onClose} />,
      procedure: "deadLetters.createRule",
      fill: async () => {
        await userEvent.type(screen.getByLabelText("Name"), "Known");
        await userEvent.type(screen.getByLabelText(/^Table/), "orders");
        await userEvent.click(screen.getByRole("button", { name: "Show what it would match" }));
        await screen.findByRole("region", { name: "What it would match" });
      },
      button: /^Save the rule/,
    },
  ],
];

describe.each(CASES)("while %s is under way", (_what, { dialog, procedure, fill, button }) => {
  function show(reply: () => unknown) {
    return renderWithReplies(dialog, {
      "catalog.clusters": () => ({ clusters: [{ name: "lab" }] }),
      "deadLetters.previewRule": () => ({
        groups: 0,
        records: 0,
        open: 0,
        samples: [],
        parts: [],
        partsAreCut: false,
        notes: [],
        token: "t",
      }),
      [procedure]: reply,
    });
  }

  test("its dialog cannot be left, and it is sent once", async () => {
    const answer = Promise.withResolvers<object>();
    const { requests } = show(() => answer.promise);
    await fill();

    const sending = screen.getByRole("button", { name: button });
    act(() => {
      sending.click();
      sending.click();
    });
    const sent = () => requests.filter((request) => request.procedure === procedure);
    await waitFor(() => expect(sent()).toHaveLength(1));
    await userEvent.keyboard("{Escape}");
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await userEvent.click(screen.getByRole("button", { name: "Close" }));

    expect(onClose).not.toHaveBeenCalled();
    answer.resolve({});
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
    expect(sent()).toHaveLength(1);
  });

  test("a failure is shown, and the dialog can be left then", async () => {
    show(() => Promise.reject(new Error("cut off")));
    await fill();
    await userEvent.click(screen.getByRole("button", { name: button }));

    expect(await screen.findByRole("alert")).toBeVisible();
    await userEvent.keyboard("{Escape}");
    expect(onClose).toHaveBeenCalledOnce();
  });
});
