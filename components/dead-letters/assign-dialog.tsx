"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { useViewer } from "#components/shell/viewer.tsx";
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
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { toast } from "#components/ui/toast.ts";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import { AssignGroupInput } from "#domain/dead-letters/schema.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { GroupRow } from "./dead-letter-outputs.ts";

export interface AssignDialogProps {
  groups: readonly GroupRow[];
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

/** Who looks after these groups. */
export function AssignDialog({ groups, onClose, onDone }: AssignDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const viewer = useViewer();
  const [owner, setOwner] = useState(() => groups.find((group) => group.owner)?.owner ?? viewer.name);
  const assign = useMutation(trpc.deadLetters.assign.mutationOptions());
  const [state, setState] = useState<{ pending: boolean; failure?: string }>({ pending: false });
  const name = owner.trim();
  const problem = fieldProblem(AssignGroupInput.shape.owner, name);

  const oneAtATime = useOneAtATime();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === undefined) oneAtATime(send);
  };
  const send = async () => {
    setState({ pending: true });
    try {
      for (const { id } of groups) await assign.mutateAsync({ id, owner: name || null });
      toast.success(
        name === ""
          ? `Nobody looks after ${formatCounted(groups.length, "group")} now`
          : `${name} looks after ${formatCounted(groups.length, "group")}`,
      );
      onDone?.();
      onClose();
    } catch (error) {
      setState({ pending: false, failure: describeError(error) });
    } finally {
      await queries.invalidateQueries(trpc.deadLetters.pathFilter());
    }
  };
  return (
    // Left while it is sent, it could not tell that nothing was changed.
    <Dialog open onOpenChange={() => !state.pending && onClose()}>
      <DialogContent>
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle>Assign {formatCounted(groups.length, "group")}</DialogTitle>
            <DialogDescription>
              The name stands in the list and can be filtered by; nobody is notified.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-3">
            <Field label="Who looks after it" help="Empty: nobody." error={problem}>
              {(control) => (
                <Input {...control} value={owner} onChange={(event) => setOwner(event.target.value)} />
              )}
            </Field>
            {state.failure && (
              <StateMessage kind="failed" look="banner" title="It was not assigned">
                {state.failure}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button disabled={state.pending}>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" disabled={problem !== undefined} pending={state.pending}>
              Assign
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
