"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { planPath } from "#components/plans/plan-path.ts";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
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
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { formatCounted } from "#domain/format/numbers.ts";
import type { RepairMethod } from "#domain/reconciliation/schema.ts";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";

export interface RepairDialogProps {
  rows: readonly Pick<DiscrepancyRow, "id">[];
  onClose: () => void;
}

/** Makes a plan of repair; nothing is written before it is run. */
export function RepairDialog({ rows, onClose }: RepairDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [method, setMethod] = useState<RepairMethod>("reread");
  const propose = useMutation(
    trpc.reconciliation.proposeRepair.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (propose.isPending || propose.isSuccess) return;
    propose.mutate({ selection: { ids: rows.map(({ id }) => id) }, method });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle>Repair {formatCounted(rows.length, "row")}?</DialogTitle>
            <DialogDescription>
              Nothing happens yet: this makes a plan that says what each row needs. Every row is checked again
              after it ran.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-4">
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
            {propose.error && (
              <StateMessage kind="failed" look="banner" title="No plan was made">
                {describeError(propose.error)}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={propose.isPending || propose.isSuccess}>
              Propose plan
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
