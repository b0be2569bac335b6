"use client";

import { useState } from "react";
import { useShortcut } from "#components/shell/shortcuts.tsx";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { GroupRow } from "./dead-letter-outputs.ts";
import { type Repair, RepairDialogs } from "./repair-dialogs.tsx";
import { targetOfGroups } from "./target-of-groups.ts";

export interface GroupSelectionActionsProps {
  groups: readonly GroupRow[];
  clear: () => void;
}

const OFFERED = [
  ["replay", "Replay", "r"],
  ["reread", "Read rows again", "f"],
  ["mute", "Mute", "m"],
  ["assign", "Assign", "a"],
  ["resolve", "Resolve", undefined],
  ["ignore", "Ignore", undefined],
  ["discard", "Discard", undefined],
] as const satisfies readonly (readonly [Repair, string, string | undefined])[];

/** What can be done with the chosen groups at once. */
export function GroupSelectionActions({ groups, clear }: GroupSelectionActionsProps) {
  const { reason } = usePermission("dead-letters:repair");
  const [asked, setAsked] = useState<Repair>();
  const target = targetOfGroups(groups);
  const keys = groups.reduce((sum, group) => sum + group.keys, 0);
  const blockedFor = (repair: Repair): string | undefined => {
    if (reason) return reason;
    if (repair === "assign") return undefined;
    if (repair === "mute")
      return groups.some((group) => group.status === "resolved") ? "One of them is resolved" : undefined;
    if (target.records === 0) return "None of their records is open";
    return (repair === "replay" || repair === "reread") && target.cluster === undefined
      ? "They are of several clusters; repair one cluster at a time"
      : undefined;
  };
  const ask = (repair: Repair) => blockedFor(repair) === undefined && setAsked(repair);
  useShortcut("r", {
    description: "Replay what is selected",
    group: "Dead letters",
    run: () => ask("replay"),
  });
  useShortcut("f", {
    description: "Read the rows again from the source",
    group: "Dead letters",
    run: () => ask("reread"),
  });
  useShortcut("m", { description: "Mute what is selected", group: "Dead letters", run: () => ask("mute") });
  useShortcut("a", {
    description: "Assign what is selected",
    group: "Dead letters",
    run: () => ask("assign"),
  });
  return (
    <>
      <span className="text-muted-foreground">
        {formatCounted(target.records, "open record")} · about {formatCount(keys)}{" "}
        {keys === 1 ? "row" : "rows"}
      </span>
      {OFFERED.map(([repair, label, key]) => (
        <Button
          key={repair}
          blockedBecause={blockedFor(repair)}
          aria-keyshortcuts={key}
          onClick={() => setAsked(repair)}
        >
          {label}
        </Button>
      ))}
      <RepairDialogs
        asked={asked}
        target={target}
        groups={groups}
        onClose={() => setAsked(undefined)}
        onDone={clear}
      />
    </>
  );
}
