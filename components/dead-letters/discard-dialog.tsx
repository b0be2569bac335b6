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
import { Field } from "#components/ui/field.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { type RepairTarget, targetCount, targetWords } from "./repair-target.ts";

export interface DiscardDialogProps {
  target: RepairTarget;
  onClose: () => void;
}

/** Giving records up for good takes a plan and a second person. */
export function DiscardDialog({ target, onClose }: DiscardDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [reason, setReason] = useState("");
  const propose = useMutation(
    trpc.deadLetters.proposeDiscard.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
    }),
  );
  const isReady = reason.trim() !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || propose.isPending || propose.isSuccess) return;
    propose.mutate({ selection: target.selection, reason: reason.trim() });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle className="break-words">Discard {targetWords(target)}?</DialogTitle>
            <DialogDescription>
              Nothing happens yet. The plan says how long Kafka keeps the bytes; it needs a second person, and
              copies kept here go with it.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-3">
            <Field label="Reason" help="Why nobody will need these records. Kept with each of them.">
              {(control) => (
                <Textarea
                  {...control}
                  rows={2}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
            {propose.error && (
              <StateMessage kind="failed" look="banner" title="There is no plan">
                {describeError(propose.error)}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button
              type="submit"
              variant="danger"
              disabled={!isReady}
              pending={propose.isPending || propose.isSuccess}
            >
              Plan to discard {targetCount(target)}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
