"use client";

import { Download } from "lucide-react";
import { useFileExport } from "#components/data-table/use-file-export.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Popover, PopoverContent, PopoverTrigger } from "#components/ui/popover.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";

const FORMATS = [
  { format: "csv", label: "CSV", note: "for spreadsheets; formulas are made harmless" },
  { format: "jsonl", label: "JSON Lines", note: "one entry a line, with its hashes" },
] as const;

/** Everything the filter finds, whole entries with their hashes. Posted, because an export is an act of its own in the trail. */
export function AuditExport({ filter }: { filter: string }) {
  const { allowed, reason } = usePermission("audit:export");
  const file = useFileExport("/api/audit/export");
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
        <div className="flex flex-col gap-2">
          {FORMATS.map(({ format, label, note }) => (
            <div key={format} className="flex items-center gap-2">
              <Button
                className="w-24"
                pending={file.isPending && file.variables.format === format}
                disabled={file.isPending && file.variables.format !== format}
                onClick={() => file.mutate({ format, filter })}
              >
                {label}
              </Button>
              <span className="text-meta text-muted-foreground">{note}</span>
            </div>
          ))}
        </div>
        {file.error && (
          <StateMessage kind="failed" look="banner" className="mt-2" title="Nothing was exported">
            {file.error.message}
          </StateMessage>
        )}
      </PopoverContent>
    </Popover>
  );
}
