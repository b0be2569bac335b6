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
import { Input } from "#components/ui/input.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { formatCount } from "#domain/format/numbers.ts";
import type { StoppedSink } from "./dead-letter-outputs.ts";

export interface QuarantineDialogProps {
  sink: ConnectorRef;
  record: NonNullable<StoppedSink["record"]>;
  analysis: StoppedSink;
  onClose: () => void;
}

const MOST = 1_000;

/** Sets the row aside by a plan, and allows more of the same kind to follow it. */
export function QuarantineDialog({ sink, record, analysis, onClose }: QuarantineDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [atMost, setAtMost] = useState("1");
  const [reason, setReason] = useState("");
  const propose = useMutation(
    trpc.deadLetters.proposeQuarantine.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
    }),
  );
  const count = Number(atMost);
  const problem =
    /^\d+$/.test(atMost) && count >= 1 && count <= MOST
      ? undefined
      : `A whole number from 1 to ${formatCount(MOST)}`;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (problem !== undefined || propose.isPending || propose.isSuccess) return;
    const { topic, partition, offset } = record;
    propose.mutate({
      ...sink,
      record: { topic, partition, offset },
      atMost: count,
      ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle className="break-words">
              Set row {record.key}
              {analysis.table ? ` of ${analysis.table}` : ""} aside?
            </DialogTitle>
            <DialogDescription>
              The record goes to the dead-letter topic with its raw bytes, {formatCount(analysis.waiting)}{" "}
              waiting records are delivered, and the row can be replayed later. A plan shows all of it first.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-4">
            <Field
              label="Rows at most"
              help={`More than one lets rows of the same table with the same cause${analysis.cause ? ` (${analysis.cause.title})` : ""} follow it when they turn up behind it. Anything else stops the sink again.`}
              error={problem}
            >
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  value={atMost}
                  onChange={(event) => setAtMost(event.target.value.trim())}
                />
              )}
            </Field>
            <Field label="Reason" optional help="Kept in the sink's configuration beside the entry.">
              {(control) => (
                <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
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
              variant="primary"
              disabled={problem !== undefined}
              pending={propose.isPending || propose.isSuccess}
            >
              Plan the quarantine
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
