"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "#components/ui/dialog.tsx";
import { type RepairTarget, targetWords } from "./repair-target.ts";

export interface ExportDialogProps {
  target: RepairTarget;
  onClose: () => void;
}

const FORMATS = [
  { format: "csv", label: "CSV", note: "for spreadsheets; formulas are made harmless" },
  { format: "jsonl", label: "JSON Lines", note: "one record a line" },
] as const;

/** The selection as a file. A form, because an export is an act of its own in the trail. */
export function ExportDialog({ target, onClose }: ExportDialogProps) {
  const { allowed, reason } = usePermission("dead-letters:reveal");
  const [withPayload, setWithPayload] = useState(false);
  const { selection } = target;
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle className="break-words">Export {targetWords(target)}</DialogTitle>
          <DialogDescription>
            Newest first, with the values hidden as on the screen. The export itself goes into the trail.
          </DialogDescription>
        </DialogHeader>
        <DialogBody className="flex flex-col gap-3 text-table">
          <div className="flex items-start gap-2">
            <Checkbox
              id="export-payload"
              className="mt-0.5"
              checked={withPayload}
              disabled={!allowed}
              onChange={() => setWithPayload(!withPayload)}
            />
            <label htmlFor="export-payload">
              With key and value as raw bytes
              <span className="block text-meta text-muted-foreground">
                {reason ?? "They hold what the rows hold; this is recorded as a reveal."}
              </span>
            </label>
          </div>
          {FORMATS.map(({ format, label, note }) => (
            <form
              key={format}
              method="post"
              action="/api/dead-letters/export"
              className="flex items-center gap-2"
            >
              <input type="hidden" name="format" value={format} />
              <input type="hidden" name="payload" value={withPayload ? "yes" : "no"} />
              {"ids" in selection ? (
                <input type="hidden" name="ids" value={selection.ids.join(",")} />
              ) : (
                <>
                  <input type="hidden" name="filter" value={selection.filter} />
                  <input type="hidden" name="groups" value={(selection.groups ?? []).join(",")} />
                  <input type="hidden" name="upTo" value={selection.upTo ?? ""} />
                </>
              )}
              <Button type="submit" className="w-28">
                <Download aria-hidden /> {label}
              </Button>
              <span className="text-meta text-muted-foreground">{note}</span>
            </form>
          ))}
        </DialogBody>
        <DialogFooter>
          <DialogClose asChild>
            <Button>Close</Button>
          </DialogClose>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  );
}
