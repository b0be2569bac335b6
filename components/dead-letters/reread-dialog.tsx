"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
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
import { StateMessage } from "#components/ui/state-message.tsx";
import { type RepairTarget, targetCount, targetWords } from "./repair-target.ts";

export interface RereadDialogProps {
  target: RepairTarget & { cluster: string };
  onClose: () => void;
}

/** The rows as they are now come through the pipeline again; what the old events held no longer matters. */
export function RereadDialog({ target, onClose }: RereadDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const { cluster, selection } = target;
  const propose = useMutation(
    trpc.deadLetters.proposeReread.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
    }),
  );
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form
          className="flex min-h-0 flex-col"
          onSubmit={(event) => {
            event.preventDefault();
            if (!propose.isPending && !propose.isSuccess) propose.mutate({ cluster, selection });
          }}
        >
          <DialogHeader>
            <DialogTitle className="break-words">Read the rows of {targetWords(target)} again?</DialogTitle>
            <DialogDescription>
              The source connector reads just these rows and sends them as they are now, through the normal
              path. Nothing older can overwrite anything newer. Nothing happens before the plan is started.
            </DialogDescription>
          </DialogHeader>
          {propose.error && (
            <DialogBody>
              <StateMessage kind="failed" look="banner" title="There is no plan">
                {describeError(propose.error)}
              </StateMessage>
            </DialogBody>
          )}
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={propose.isPending || propose.isSuccess}>
              Plan to read the rows of {targetCount(target)}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
