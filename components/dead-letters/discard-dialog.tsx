"use client";

import { useState } from "react";
import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { Field } from "#components/ui/field.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { ProposeDiscardInput } from "#domain/dead-letters/discard.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";
import { type RepairTarget, targetCount, targetWords } from "./repair-target.ts";

export interface DiscardDialogProps {
  target: RepairTarget;
  onClose: () => void;
}

/** Giving records up for good takes a plan and a second person. */
export function DiscardDialog({ target, onClose }: DiscardDialogProps) {
  const client = useTRPCClient();
  const [reason, setReason] = useState("");
  const problem = fieldProblem(ProposeDiscardInput.shape.reason, reason);
  return (
    <ProposeDialog
      title={`Discard ${targetWords(target)}?`}
      description="Nothing happens yet. The plan says how long Kafka keeps the bytes; it needs a second person, and copies kept here go with it."
      button={`Plan to discard ${targetCount(target)}`}
      danger
      isReady={problem === undefined}
      propose={() =>
        client.deadLetters.proposeDiscard.mutate({ selection: target.selection, reason: reason.trim() })
      }
      onClose={onClose}
    >
      <Field
        label="Reason"
        help="Why nobody will need these records. Kept with each of them."
        error={reason === "" ? undefined : problem}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={2}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
    </ProposeDialog>
  );
}
