"use client";

import { useState } from "react";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import type { DeadLetter } from "./dead-letter-outputs.ts";
import { rowName } from "./record-columns.tsx";
import { type Repair, RepairDialogs } from "./repair-dialogs.tsx";

/** What can be done about one record. */
export function RecordActions({ record }: { record: DeadLetter }) {
  const { reason } = usePermission("dead-letters:repair");
  const [asked, setAsked] = useState<Repair>();
  const isOpen = record.status === "PENDING";
  const canReplay = reason === undefined && isOpen;
  useShortcut("r", {
    description: "Replay",
    group: "Dead letters",
    disabled: !canReplay,
    run: () => setAsked("replay"),
  });
  useShortcut("f", {
    description: "Read the row again from the source",
    group: "Dead letters",
    disabled: !canReplay,
    run: () => setAsked("reread"),
  });
  return (
    <>
      {isOpen ? (
        <>
          <Button
            variant="primary"
            blockedBecause={reason}
            aria-keyshortcuts="r"
            onClick={() => setAsked("replay")}
          >
            Replay
          </Button>
          <Button blockedBecause={reason} aria-keyshortcuts="f" onClick={() => setAsked("reread")}>
            Read row again
          </Button>
          <Button blockedBecause={reason} onClick={() => setAsked("resolve")}>
            Resolve
          </Button>
          <Button blockedBecause={reason} onClick={() => setAsked("ignore")}>
            Ignore
          </Button>
        </>
      ) : (
        <Button blockedBecause={reason} onClick={() => setAsked("reopen")}>
          Reopen
        </Button>
      )}
      <RepairDialogs
        asked={asked}
        target={{
          cluster: record.cluster,
          selection: { ids: [record.id] },
          records: 1,
          of: `(${rowName(record)} of ${record.table})`,
        }}
        onClose={() => setAsked(undefined)}
      />
    </>
  );
}
