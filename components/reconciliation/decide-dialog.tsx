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
import { StateMessage } from "#components/ui/state-message.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCounted } from "#domain/format/numbers.ts";
import type { DiscrepancyRow } from "./reconciliation-outputs.ts";

export type Decision = "ignore" | "resolve" | "reopen";

export interface DecideDialogProps {
  decision: Decision;
  rows: readonly Pick<DiscrepancyRow, "id">[];
  onClose: () => void;
  onDone?: (() => void) | undefined;
}

const WEEK = 7 * 86_400_000;
const WORDS = {
  ignore: {
    verb: "Ignore",
    done: "Ignored",
    meaning: "They no longer count as unexplained drift until the day you name; then they are open again.",
  },
  resolve: {
    verb: "Resolve",
    done: "Resolved",
    meaning:
      "They count as dealt with. The next check has the last word: rows that still differ are open again.",
  },
  reopen: {
    verb: "Reopen",
    done: "Reopened",
    meaning: "They count as drift again, from now on.",
  },
} as const;

/** Decides about differing rows with a reason, without changing data. */
export function DecideDialog({ decision, rows, onClose, onDone }: DecideDialogProps) {
  const { verb, done, meaning } = WORDS[decision];
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState(() => new Date(serverNow() + WEEK).toISOString().slice(0, 10));
  const options = {
    onSuccess: () => {
      toast.success(`${done} ${formatCounted(rows.length, "row")}`);
      onDone?.();
      onClose();
    },
    onSettled: () => queries.invalidateQueries(trpc.reconciliation.pathFilter()),
  };
  const ignore = useMutation(trpc.reconciliation.ignore.mutationOptions(options));
  const resolve = useMutation(trpc.reconciliation.resolve.mutationOptions(options));
  const reopen = useMutation(trpc.reconciliation.reopen.mutationOptions(options));
  const pending = ignore.isPending || resolve.isPending || reopen.isPending;
  const error = ignore.error ?? resolve.error ?? reopen.error;
  const isReady = reason.trim() !== "" && (decision !== "ignore" || until !== "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || pending) return;
    const selection = { ids: rows.map(({ id }) => id) };
    const act = { selection, reason: reason.trim() };
    if (decision === "ignore") ignore.mutate({ ...act, until: new Date(`${until}T23:59:59Z`) });
    else (decision === "resolve" ? resolve : reopen).mutate(act);
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle>
              {verb} {formatCounted(rows.length, "row")}?
            </DialogTitle>
            <DialogDescription>{meaning}</DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-3">
            <Field label="Reason" help="Kept with each row and in the audit trail.">
              {(control) => (
                <Textarea
                  {...control}
                  rows={2}
                  value={reason}
                  onChange={(event) => setReason(event.target.value)}
                />
              )}
            </Field>
            {decision === "ignore" && (
              <Field label="Until the end of (UTC)">
                {(control) => (
                  <Input
                    {...control}
                    type="date"
                    value={until}
                    onChange={(event) => setUntil(event.target.value)}
                  />
                )}
              </Field>
            )}
            {error && (
              <StateMessage kind="failed" look="banner" title={`${verb} did not happen`}>
                {describeError(error)}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" pending={pending} disabled={!isReady}>
              {verb} {formatCounted(rows.length, "row")}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
