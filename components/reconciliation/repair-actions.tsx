"use client";

import { useState } from "react";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { DecideDialog } from "./decide-dialog.tsx";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";
import { RepairDialog } from "./repair-dialog.tsx";

export interface RepairActionsProps {
  rows: readonly DiscrepancyRow[];
  onDone?: () => void;
}

type Asked = "repair" | "ignore" | "resolve";

/** What can be done about the chosen differing rows. */
export function RepairActions({ rows, onDone }: RepairActionsProps) {
  const { reason } = usePermission("reconciliation:repair");
  const [asked, setAsked] = useState<Asked>();
  const tables = new Set(rows.map(({ tableId }) => tableId));
  const notOpen = rows.some(({ state }) => state !== "open") ? "One of them is not open" : undefined;
  const several = tables.size > 1 ? "They are of several tables; repair one table at a time" : undefined;
  const close = () => setAsked(undefined);
  return (
    <>
      <Button blockedBecause={reason ?? several ?? notOpen} onClick={() => setAsked("repair")}>
        Repair
      </Button>
      <Button blockedBecause={reason ?? notOpen} onClick={() => setAsked("ignore")}>
        Ignore
      </Button>
      <Button blockedBecause={reason ?? notOpen} onClick={() => setAsked("resolve")}>
        Resolve
      </Button>
      {asked === "repair" && <RepairDialog rows={rows} onClose={close} />}
      {(asked === "ignore" || asked === "resolve") && (
        <DecideDialog decision={asked} rows={rows} onClose={close} onDone={onDone} />
      )}
    </>
  );
}
