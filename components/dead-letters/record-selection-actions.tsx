"use client";

import { useState } from "react";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import type { RecordRow } from "./dead-letter-outputs.ts";
import { type Repair, RepairDialogs } from "./repair-dialogs.tsx";
import type { RepairTarget } from "./repair-target.ts";

export interface RecordSelectionActionsProps {
  records: readonly RecordRow[];
  clear: () => void;
}

const OFFERED = [
  ["replay", "Replay"],
  ["reread", "Read rows again"],
  ["resolve", "Resolve"],
  ["ignore", "Ignore"],
  ["reopen", "Reopen"],
  ["export", "Export"],
  ["discard", "Discard"],
] as const satisfies readonly (readonly [Repair, string])[];

/** What can be done with the chosen records. */
export function RecordSelectionActions({ records, clear }: RecordSelectionActionsProps) {
  const { reason } = usePermission("dead-letters:repair");
  const [asked, setAsked] = useState<Repair>();
  const clusters = new Set(records.map((record) => record.cluster));
  const wanted = records.filter((record) => isMeant(record, asked ?? "replay"));
  const target: RepairTarget = {
    cluster: clusters.size === 1 ? records[0]?.cluster : undefined,
    selection: { ids: wanted.map((record) => record.id) },
    records: wanted.length,
    of: "",
  };
  const blockedFor = (repair: Repair): string | undefined => {
    if (repair === "export") return undefined;
    if (reason) return reason;
    if (!records.some((record) => isMeant(record, repair)))
      return repair === "reopen" ? "All of them are open" : "None of them is open";
    return (repair === "replay" || repair === "reread") && clusters.size > 1
      ? "They are of several clusters; repair one cluster at a time"
      : undefined;
  };
  useShortcut("r", {
    description: "Replay what is selected",
    group: "Dead letters",
    run: () => blockedFor("replay") === undefined && setAsked("replay"),
  });
  return (
    <>
      {OFFERED.map(([repair, label]) => (
        <Button key={repair} blockedBecause={blockedFor(repair)} onClick={() => setAsked(repair)}>
          {label}
        </Button>
      ))}
      <RepairDialogs asked={asked} target={target} onClose={() => setAsked(undefined)} onDone={clear} />
    </>
  );
}

/** Only open records are repaired, only settled ones reopened; all are exported. */
function isMeant({ status }: RecordRow, repair: Repair): boolean {
  if (repair === "export") return true;
  return repair === "reopen" ? status !== "PENDING" : status === "PENDING";
}
