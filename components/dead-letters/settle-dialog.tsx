"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
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
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCount, formatCounted } from "#domain/format/numbers.ts";
import { type RepairTarget, targetCount, targetWords } from "./repair-target.ts";
import { SETTLING, type Settling } from "./settling.ts";

export interface SettleDialogProps {
  settling: Settling;
  target: RepairTarget;
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

/** More than this, and the number is typed. */
const TYPED_FROM = 100;

/** Closes or reopens records with a reason, without sending anything. */
export function SettleDialog({ settling, target, onClose, onDone }: SettleDialogProps) {
  const { verb, done, title, meaning, example } = SETTLING[settling];
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [typed, setTyped] = useState("");
  const settle = useMutation(
    trpc.deadLetters[settling].mutationOptions({
      onSuccess: ({ settled }) => {
        toast.success(`${done} ${formatCounted(settled, "record")}`);
        onDone?.();
        onClose();
      },
      onSettled: () => queries.invalidateQueries(trpc.deadLetters.pathFilter()),
    }),
  );
  const asksCount = target.records > TYPED_FROM;
  const isReady =
    reason.trim() !== "" && (!asksCount || typed.replace(/[\s,.]/g, "") === String(target.records));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !settle.isPending) settle.mutate({ selection: target.selection, reason: reason.trim() });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form
          className="flex min-h-0 flex-col"
          onSubmit={submit}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
          }}
        >
          <DialogHeader>
            <DialogTitle className="break-words">{`${title} ${targetWords(target)}?`}</DialogTitle>
            <DialogDescription>{meaning}</DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-3">
            <Field label="Reason" help={`Kept with each record and in the audit trail. ${example}`}>
              {(control) => (
                <Textarea
                  {...control}
                  rows={2}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
            {asksCount && (
              <Field label={`Type the number ${formatCount(target.records)}`}>
                {(control) => (
                  <Input
                    {...control}
                    inputMode="numeric"
                    value={typed}
                    onChange={(event) => setTyped(event.target.value)}
                  />
                )}
              </Field>
            )}
            {settle.error && (
              <StateMessage kind="failed" look="banner" title={`${verb} did not happen`}>
                {describeError(settle.error)}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={settle.isPending} disabled={!isReady}>
              {verb} {targetCount(target)}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
