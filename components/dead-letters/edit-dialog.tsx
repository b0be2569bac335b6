"use client";

import { useState } from "react";
import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { ProposeEditReplayInput } from "#domain/dead-letters/replay-input.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";
import { readEdit } from "./read-edit.ts";

export interface EditDialogProps {
  cluster: string;
  id: number;
  /** The decoded value as it was revealed. */
  value: unknown;
  onClose: () => void;
}

/** A value is corrected by hand and sent in place of the one that failed; a second person looks at it first. */
export function EditDialog({ cluster, id, value, onClose }: EditDialogProps) {
  const client = useTRPCClient();
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [reason, setReason] = useState("");
  const edit = readEdit(value, text);
  const problem = fieldProblem(ProposeEditReplayInput.shape.reason, reason);
  return (
    <ProposeDialog
      size="lg"
      title="Edit and replay"
      description="Nothing is sent yet. The key and the headers stay. The value is checked against its schema; a second person has to approve the plan, and the original record stays as it is."
      button="Plan to send the edited record"
      isReady={edit.problem === undefined && edit.changes.length > 0 && problem === undefined}
      propose={() =>
        client.deadLetters.proposeEditReplay.mutate({
          cluster,
          id,
          value: edit.value,
          reason: reason.trim(),
        })
      }
      onClose={onClose}
    >
      <Field
        label="Value"
        help="As JSON. Long numbers stand as text, so that no digit is lost."
        error={edit.problem}
      >
        {(control) => (
          <Textarea
            {...control}
            rows={14}
            spellCheck={false}
            className="font-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      {edit.changes.length > 0 && (
        <ConfigDiff
          changes={edit.changes}
          label="What you have changed"
          beforeLabel="As it failed"
          afterLabel="As it will be sent"
        />
      )}
      <Field
        label="Reason"
        help="For the person who approves it, and for the audit trail."
        error={reason === "" ? undefined : problem}
      >
        {(control) => (
          <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
    </ProposeDialog>
  );
}
