"use client";

import { useState } from "react";
import { FileFormats } from "#components/data-table/file-formats.tsx";
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
import { MOST_WITH_PAYLOAD } from "#domain/dead-letters/export.ts";
import { formatCount } from "#domain/format/numbers.ts";
import { type RepairTarget, targetWords } from "./repair-target.ts";

export interface ExportDialogProps {
  target: RepairTarget;
  onClose: () => void;
}

/** The selection as a file. It is posted, because an export is an act of its own in the trail. */
export function ExportDialog({ target, onClose }: ExportDialogProps) {
  const { allowed, reason } = usePermission("dead-letters:reveal");
  const [withPayload, setWithPayload] = useState(false);
  const isTooMany = target.records > MOST_WITH_PAYLOAD;
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
              disabled={!allowed || isTooMany}
              onChange={() => setWithPayload(!withPayload)}
            />
            <label htmlFor="export-payload">
              With key and value as raw bytes
              <span className="block text-meta text-muted-foreground">
                {reason ??
                  `They hold what the rows hold; this is recorded as a reveal. At most ${formatCount(MOST_WITH_PAYLOAD)} records at once.`}
              </span>
            </label>
          </div>
          <FileFormats
            path="/api/dead-letters/export"
            fields={{ payload: withPayload ? "yes" : "no", ...fieldsOf(target) }}
            lineNote="one record a line"
          />
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

function fieldsOf({ selection }: RepairTarget): Record<string, string> {
  if ("ids" in selection) return { ids: selection.ids.join(",") };
  const { filter, groups = [], upTo } = selection;
  return { filter, groups: groups.join(","), upTo: String(upTo ?? "") };
}
