"use client";

import { useState } from "react";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";
import { RepairAsked, type RepairQuestion } from "./repair-asked.tsx";
import { useRecheck } from "./use-recheck.ts";

export interface RepairActionsProps {
  rows: readonly DiscrepancyRow[];
  onDone?: () => void;
}

/** What can be done about the chosen differing rows. */
export function RepairActions({ rows, onDone }: RepairActionsProps) {
  const { reason } = usePermission("reconciliation:repair");
  const mayCheck = usePermission("reconciliation:run");
  const { recheck, isPending } = useRecheck();
  const [asked, setAsked] = useState<RepairQuestion>();
  const tables = new Set(rows.map(({ tableId }) => tableId));
  const several = tables.size > 1 ? "They are of several tables; repair one table at a time" : undefined;
  const ended = rows.some(({ state }) => state !== "open" && state !== "ignored")
    ? "One of them is not open any more"
    : undefined;
  const notOpen =
    ended ?? (rows.some(({ state }) => state !== "open") ? "One of them is ignored" : undefined);
  const hasIgnored = rows.some(({ state }) => state === "ignored");
  const notIgnored = rows.some(({ state }) => state !== "ignored") ? "One of them is not ignored" : undefined;
  return (
    <>
      <Button
        blockedBecause={mayCheck.reason ?? ended}
        pending={isPending}
        onClick={() => recheck(rows, onDone)}
      >
        Check again
      </Button>
      <Button blockedBecause={reason ?? several ?? notOpen} onClick={() => setAsked("repair")}>
        Repair
      </Button>
      <Button blockedBecause={reason ?? notOpen} onClick={() => setAsked("ignore")}>
        Ignore
      </Button>
      <Button blockedBecause={reason ?? ended} onClick={() => setAsked("resolve")}>
        Resolve
      </Button>
      {hasIgnored && (
        <Button blockedBecause={reason ?? notIgnored} onClick={() => setAsked("reopen")}>
          Reopen
        </Button>
      )}
      <RepairAsked asked={asked} rows={rows} onClose={() => setAsked(undefined)} onDone={onDone} />
    </>
  );
}
