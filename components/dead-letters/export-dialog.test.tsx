import { cleanup, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { renderWithReplies } from "#components/testing/with-replies.tsx";
import { ExportDialog } from "./export-dialog.tsx";

const saved: { name: string; size: number }[] = [];
beforeEach(() => {
  saved.length = 0;
  let size = 0;
  vi.spyOn(URL, "createObjectURL").mockImplementation((blob) => {
    size = blob instanceof Blob ? blob.size : 0;
    return "blob:export";
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    saved.push({ name: this.download, size });
  });
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

function show(records: number, reply: Response | Error) {
  const ask = vi.fn(async (_url: string, _options: RequestInit) => {
    if (reply instanceof Error) throw reply;
    return reply;
  });
  vi.stubGlobal("fetch", ask);
  renderWithReplies(
    <ExportDialog
      target={{
        cluster: "lab",
        selection: { filter: "status:PENDING", groups: [7], upTo: 99 },
        records,
        of: "",
      }}
      onClose={() => undefined}
    />,
    {},
  );
  return ask;
}

test("the selection is asked for as a file and saved under the server's name", async () => {
  const ask = show(
    3,
    new Response("a,b\n1,2\n", {
      headers: { "content-disposition": 'attachment; filename="headgate-dead-letters-2026-11-21.csv"' },
    }),
  );

  await userEvent.click(screen.getByRole("checkbox", { name: /With key and value as raw bytes/ }));
  await userEvent.click(screen.getByRole("button", { name: "CSV" }));

  await waitFor(() => expect(saved).toEqual([{ name: "headgate-dead-letters-2026-11-21.csv", size: 8 }]));
  const [url, options] = ask.mock.calls[0] ?? [];
  expect(url).toBe("/api/dead-letters/export");
  expect(options?.method).toBe("POST");
  expect(Object.fromEntries(new URLSearchParams(String(options?.body)))).toEqual({
    format: "csv",
    payload: "yes",
    filter: "status:PENDING",
    groups: "7",
    upTo: "99",
  });
});

test.each([
  [
    new Response("Too many exports; try again in 12 s", { status: 429 }),
    "Too many exports; try again in 12 s",
  ],
  [
    new Response("<html>oops</html>", { status: 500, headers: { "content-type": "text/html" } }),
    "Headgate answered 500",
  ],
  [new TypeError("Failed to fetch"), "Headgate did not answer to the end"],
])("a refusal is said in the dialog and nothing is saved", async (reply, words) => {
  show(3, reply);

  await userEvent.click(screen.getByRole("button", { name: "JSON Lines" }));

  expect(await screen.findByRole("alert")).toHaveTextContent(words);
  expect(saved).toEqual([]);
});

test("bytes are offered for as many records as an export with them takes", () => {
  show(50_000, new Response());
  expect(screen.getByRole("checkbox")).toBeEnabled();
  expect(screen.getByText(/At most 50,000 records/)).toBeVisible();
  cleanup();
  show(50_001, new Response());
  expect(screen.getByRole("checkbox")).toBeDisabled();
});
