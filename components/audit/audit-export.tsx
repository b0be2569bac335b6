"use client";

import { Download } from "lucide-react";
import { FileFormats } from "#components/data-table/file-formats.tsx";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";

/** Everything the filter finds, whole entries with their hashes. Posted, because an export is an act of its own in the trail. */
export function AuditExport({ filter }: { filter: string }) {
  const { allowed, reason } = usePermission("audit:export");
  if (!allowed)
    return (
      <Button blockedBecause={reason}>
        <Download aria-hidden />
        Export
      </Button>
    );
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button>
          <Download aria-hidden />
          Export
        </Button>
      </PopoverTrigger>
      <PopoverContent align="end" aria-label="Export the audit trail" className="w-72">
        <p className="mb-2 text-meta text-muted-foreground">
          {filter === "" ? "The whole trail" : "What the filter finds"}, oldest first. The export itself goes
          into the trail.
        </p>
        <FileFormats
          path="/api/audit/export"
          fields={{ filter }}
          lineNote="one entry a line, with its hashes"
        />
      </PopoverContent>
    </Popover>
  );
}
