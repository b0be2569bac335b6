import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { Refusal, type Replies, renderWithReplies } from "#components/testing/with-replies.tsx";
import type { FieldProblem } from "#domain/errors/app-error.ts";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { SettingsForm } from "./settings-form.tsx";

afterEach(cleanup);

const opened = { id: 4, version: 1, settings: DEFAULT_SETTINGS };
const theirs = { id: 4, version: 2, settings: { ...DEFAULT_SETTINGS, slices: 48 } };

function Screen() {
  const [table, setTable] = useState(opened);
  return (
    <>
      <button type="button" onClick={() => setTable(theirs)}>
        Somebody saves
      </button>
      <SettingsForm table={table} />
    </>
  );
}

const show = (updateSettings: (input: unknown) => unknown = () => ({ ...theirs, unchecked: null })) =>
  renderWithReplies(<Screen />, { "reconciliation.updateSettings": updateSettings } satisfies Replies);
const field = (name: string | RegExp) => screen.getByLabelText(name);
const save = () => userEvent.click(screen.getByRole("button", { name: "Save settings" }));
function refusal(...problems: readonly FieldProblem[]) {
  return new Refusal(400, problems.map(({ message }) => message).join(". "), {
    code: "BAD_REQUEST",
    reason: "invalid",
    upstream: null,
    retryable: false,
    problems,
  });
}
async function write(name: string | RegExp, text: string) {
  await userEvent.clear(field(name));
  await userEvent.type(field(name), text);
}

test("what was typed stays while somebody else saves, until theirs is asked for", async () => {
  show();
  await write("Target", "2");

  await userEvent.click(screen.getByRole("button", { name: "Somebody saves" }));
  expect(field("Target")).toHaveValue("2");
  expect(field("Slices")).toHaveValue("24");
  expect(screen.getByText("Somebody else has changed these settings")).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Load theirs" }));

  expect(field("Slices")).toHaveValue("48");
  expect(field("Target")).toHaveValue("1");
  expect(screen.queryByText("Somebody else has changed these settings")).toBeNull();
});

test("a save goes against the version that was opened, and the next one against its own", async () => {
  const { requests } = show();
  await write("Slices", "48");

  await save();
  await waitFor(() => expect(requests).toHaveLength(1));
  expect(requests[0]?.input).toMatchObject({ version: 1, settings: { slices: 48 } });
  await userEvent.click(screen.getByRole("button", { name: "Somebody saves" }));
  expect(screen.queryByText("Somebody else has changed these settings")).toBeNull();
  await save();

  await waitFor(() => expect(requests).toHaveLength(2));
  expect(requests[1]?.input).toMatchObject({ version: 2 });
});

test("what the server refuses is said at its field, and what was typed stays", async () => {
  const problem = { path: "schedule", message: "Write five fields: minute, hour, day, month, weekday" };
  show(() => refusal(problem));
  await write("Schedule", "every hour");

  await save();

  await waitFor(() => expect(field("Schedule")).toHaveAccessibleDescription(new RegExp(problem.message)));
  expect(field("Schedule")).toHaveValue("every hour");
});

test.each([
  ["the field is edited", () => write("Schedule", "H * * * *")],
  [
    "theirs is loaded",
    async () => {
      await userEvent.click(screen.getByRole("button", { name: "Somebody saves" }));
      await userEvent.click(screen.getByRole("button", { name: "Load theirs" }));
    },
  ],
])("what the server refused is no longer said once %s", async (_when, act) => {
  show(() => refusal({ path: "schedule", message: "Write five fields" }));
  await write("Schedule", "every hour");
  await save();
  expect(await screen.findByText("The settings were not saved")).toBeVisible();

  await act();

  expect(screen.queryByText("The settings were not saved")).toBeNull();
  expect(field("Schedule")).not.toHaveAccessibleDescription(/Write five fields/);
});

test("all that is wrong at one field is said there", async () => {
  show(() =>
    refusal(
      { path: "excludedColumns.0.column", message: "There is no column nmae at either end" },
      { path: "excludedColumns.1.column", message: "id is part of the key" },
    ),
  );
  await write(/^Columns not compared/, "nmae | agreed{Enter}id | agreed");

  await save();

  await waitFor(() =>
    expect(field(/^Columns not compared/)).toHaveAccessibleDescription(
      /There is no column nmae at either end\. id is part of the key/,
    ),
  );
});

test("what could not be checked when it was saved is said until the next edit", async () => {
  const unchecked = "Whether the table has note could not be checked: The source does not answer";
  show(() => ({ ...theirs, unchecked }));

  await save();
  expect(await screen.findByText(unchecked)).toBeVisible();
  expect(screen.getByText("Saved, but not all of it could be checked")).toBeVisible();
  await write("Target", "2");

  expect(screen.queryByText(unchecked)).toBeNull();
});

test("a number out of range is said at its field and not sent", async () => {
  const { requests } = show();
  await write("Slices", "0");
  await write("Target", "150");

  await save();

  expect(field("Slices")).toHaveAccessibleDescription(/At least 1/);
  expect(field("Target")).toHaveAccessibleDescription(/At most 100/);
  expect(requests).toEqual([]);
});

test("a field that is not shown holds nothing back", async () => {
  const { requests } = show();
  await userEvent.selectOptions(field("Method"), "sample");
  await write("Sample", "many");
  await userEvent.selectOptions(field("Method"), "checksum");

  await save();

  await waitFor(() => expect(requests).toHaveLength(1));
  expect(requests[0]?.input).toMatchObject({ settings: { method: "checksum", sampleRows: 30_000 } });
});
