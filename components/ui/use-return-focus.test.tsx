import { cleanup, render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { Dialog, DialogContent, DialogTitle } from "./dialog.tsx";
import { Sheet, SheetContent, SheetTitle } from "./sheet.tsx";

afterEach(cleanup);

function Page({ kind }: { kind: "dialog" | "sheet" }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button">before</button>
      <button type="button" onClick={() => setOpen(true)}>
        row 41
      </button>
      {isOpen &&
        (kind === "dialog" ? (
          <Dialog open onOpenChange={setOpen}>
            <DialogContent aria-describedby={undefined}>
              <DialogTitle>Ignore</DialogTitle>
            </DialogContent>
          </Dialog>
        ) : (
          <Sheet open onOpenChange={setOpen}>
            <SheetContent aria-describedby={undefined}>
              <SheetTitle>Row</SheetTitle>
            </SheetContent>
          </Sheet>
        ))}
    </>
  );
}

test.each(["dialog", "sheet"] as const)("the focus is back where a %s was opened from", async (kind) => {
  render(<Page kind={kind} />);
  const row = screen.getByRole("button", { name: "row 41" });
  row.focus();
  await userEvent.keyboard("{Enter}");
  await screen.findByRole("dialog");

  await userEvent.keyboard("{Escape}");

  await waitFor(() => expect(row).toHaveFocus());
});
