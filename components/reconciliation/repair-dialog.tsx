"use client";

import { useState } from "react";
import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { RepairMethod } from "#domain/reconciliation/schema.ts";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";

export interface RepairDialogProps {
  rows: readonly Pick<DiscrepancyRow, "id">[];
  onClose: () => void;
}

/** Makes a plan of repair; nothing is written before it is run. */
export function RepairDialog({ rows, onClose }: RepairDialogProps) {
  const client = useTRPCClient();
  const [method, setMethod] = useState<RepairMethod>("reread");
  const count = formatCounted(rows.length, "row");
  return (
    <ProposeDialog
      title={`Repair ${count}?`}
      description="Nothing happens yet. The plan says what each row needs; every row is checked again after it ran."
      button={`Plan the repair of ${count}`}
      propose={() =>
        client.reconciliation.proposeRepair.mutate({
          selection: { ids: rows.map(({ id }) => id) },
          method,
        })
      }
      onClose={onClose}
    >
      <RadioGroup
        label="How"
        value={method}
        onValueChange={setMethod}
        options={[
          {
            value: "reread",
            label: "Read the rows again from the source",
            help: "The source sends them through the pipeline, in order with later changes. Rows that only the target has stay.",
          },
          {
            value: "write",
            label: "Write the target directly",
            help: "Inserts, updates and deletes with the target's change credential, each only if the row is still what the check saw.",
          },
        ]}
      />
    </ProposeDialog>
  );
}
