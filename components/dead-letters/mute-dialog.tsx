"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { Button } from "#components/ui/button.tsx";
import { serverNow } from "#components/ui/clock.tsx";
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
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { toast } from "#components/ui/toast.ts";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import { MuteGroupInput } from "#domain/dead-letters/schema.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import type { GroupRow } from "./dead-letter-outputs.ts";

export interface MuteDialogProps {
  groups: readonly GroupRow[];
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

const HOUR = 3_600_000;
const UNTIL = {
  doubles: undefined,
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  always: undefined,
} as const;
type Until = keyof typeof UNTIL;

/** Puts known failures aside until they grow or their time has come. */
export function MuteDialog({ groups, onClose, onDone }: MuteDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [until, setUntil] = useState<Until>("doubles");
  const [reason, setReason] = useState("");
  const mute = useMutation(trpc.deadLetters.mute.mutationOptions());
  const [state, setState] = useState<{ pending: boolean; failure?: string }>({ pending: false });
  const problem = fieldProblem(MuteGroupInput.shape.reason, reason);
  const [only] = groups.length === 1 ? groups : [];

  const oneAtATime = useOneAtATime();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem === undefined) oneAtATime(send);
  };
  const send = async () => {
    setState({ pending: true });
    const afterMs = UNTIL[until];
    try {
      for (const { id, records } of groups)
        await mute.mutateAsync({
          id,
          ...(until === "doubles" ? { untilCount: records * 2 } : {}),
          ...(afterMs === undefined ? {} : { untilAt: new Date(serverNow() + afterMs) }),
          ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
        });
      toast.success(`Muted ${formatCounted(groups.length, "group")}`);
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
            <DialogTitle className="break-words">
              Mute {only ? `“${only.cause.title}” in ${only.table}` : formatCounted(groups.length, "group")}?
            </DialogTitle>
            <DialogDescription>
              Its records stay open and countable; the group no longer stands among what waits for you.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-4">
            <RadioGroup
              label="Until"
              value={until}
              onValueChange={setUntil}
              options={[
                {
                  value: "doubles",
                  label: only
                    ? `it has ${formatCount(only.records * 2)} records`
                    : "it has twice its records",
                  help: "Twice of what it has now.",
                },
                { value: "hour", label: "its first record after one hour" },
                { value: "day", label: "its first record after one day" },
                { value: "week", label: "its first record after one week" },
                { value: "always", label: "somebody unmutes it" },
              ]}
            />
            <Field label="Reason" optional error={problem}>
              {(control) => (
                <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
              )}
            </Field>
            {state.failure && (
              <StateMessage kind="failed" look="banner" title="It was not muted">
                {state.failure}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button disabled={state.pending}>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" disabled={problem !== undefined} pending={state.pending}>
              Mute {only ? "" : formatCounted(groups.length, "group")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
