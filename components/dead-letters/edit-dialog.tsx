"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { planPath } from "#components/plans/plan-path.ts";
import { explainError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { ConfigDiff } from "#components/ui/config-diff.tsx";
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
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
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
  const trpc = useTRPC();
  const router = useRouter();
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  const [reason, setReason] = useState("");
  const propose = useMutation(
    trpc.deadLetters.proposeEditReplay.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
    }),
  );
  const edit = readEdit(value, text);
  const isReady = edit.problem === undefined && edit.changes.length > 0 && reason.trim() !== "";
  const failure = propose.error ? explainError(propose.error) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || propose.isPending || propose.isSuccess) return;
    propose.mutate({ cluster, id, value: edit.value, reason: reason.trim() });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent size="lg">
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle>Edit and replay</DialogTitle>
            <DialogDescription>
              The key and the headers stay. The value is checked against its schema; a second person has to
              approve the plan, and the original record stays as it is.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-4">
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
            <Field label="Reason" help="For the person who approves it, and for the audit trail.">
              {(control) => (
                <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
              )}
            </Field>
            {failure && (
              <StateMessage kind="failed" look="banner" title="There is no plan">
                {failure.message}
                {failure.problems.length > 0 && (
                  <ul className="list-disc pl-4">
                    {failure.problems.map((problem) => (
                      <li key={`${problem.path}${problem.message}`}>
                        <code>{problem.path}</code> {problem.message}
                      </li>
                    ))}
                  </ul>
                )}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button
              type="submit"
              variant="primary"
              disabled={!isReady}
              pending={propose.isPending || propose.isSuccess}
            >
              Plan to send the edited record
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
