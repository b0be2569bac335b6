"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import type { FormEvent, ReactNode } from "react";
import { describeError, explainError } from "#components/shell/describe-error.ts";
import { Button } from "#components/ui/button.tsx";
import {
  Dialog,
  DialogBody,
  DialogClose,
  DialogContent,
  type DialogContentProps,
  DialogDescription,
  DialogFooter,
  DialogHeader,
  DialogTitle,
} from "#components/ui/dialog.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import { planPath } from "./plan-path.ts";

export interface ProposeDialogProps {
  /** The question, naming the thing: "Discard 3 records?" */
  title: string;
  /** What the plan will be, and that nothing happens before it is run. */
  description: ReactNode;
  /** The fields of the proposal. */
  children?: ReactNode;
  /** "Plan to discard 3 records" */
  button: string;
  /** On the button while the plan is made, where that takes its time. */
  pendingButton?: string;
  /** Paints the button as dangerous. */
  danger?: boolean;
  /** Whether the fields can be sent as they are. */
  isReady?: boolean;
  size?: DialogContentProps["size"];
  /** Rejecting keeps the dialog open and shows why. */
  propose: () => Promise<{ planId: string }>;
  onClose: () => void;
}

/** Asks for what a plan needs to know, makes the plan and opens it. */
export function ProposeDialog({
  title,
  description,
  children,
  button,
  pendingButton,
  danger = false,
  isReady = true,
  size,
  propose,
  onClose,
}: ProposeDialogProps) {
  const router = useRouter();
  const oneAtATime = useOneAtATime();
  const proposal = useMutation({
    mutationFn: propose,
    onSuccess: ({ planId }) => router.push(planPath(planId)),
  });
  const isPending = proposal.isPending || proposal.isSuccess;
  const failure = proposal.error ? explainError(proposal.error) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !isPending) oneAtATime(() => proposal.mutateAsync());
  };
  return (
    // Left while the plan is made, it would take the reader to a plan they turned away from.
    <Dialog open onOpenChange={() => !isPending && onClose()}>
      <DialogContent {...(size ? { size } : {})}>
        <form
          className="flex min-h-0 flex-col"
          onSubmit={submit}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
          }}
        >
          <DialogHeader>
            <DialogTitle className="wrap-anywhere">{title}</DialogTitle>
            <DialogDescription>{description}</DialogDescription>
          </DialogHeader>
          {(children || failure) && (
            <DialogBody className="flex flex-col gap-4">
              {children}
              {failure && (
                <StateMessage kind="failed" look="banner" title="There is no plan">
                  {describeError(proposal.error)}
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
          )}
          <DialogFooter>
            <DialogClose asChild>
              <Button disabled={isPending}>Cancel</Button>
            </DialogClose>
            <Button
              type="submit"
              variant={danger ? "danger" : "primary"}
              disabled={!isReady}
              pending={isPending}
            >
              {proposal.isPending ? (pendingButton ?? button) : button}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
