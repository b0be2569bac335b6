"use client";

import { useState } from "react";
import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { ProposeQuarantineInput } from "#domain/dead-letters/quarantine-steps.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";
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
  const client = useTRPCClient();
  const [atMost, setAtMost] = useState("1");
  const [reason, setReason] = useState("");
  const count = Number(atMost);
  const problem =
    /^\d+$/.test(atMost) && count >= 1 && count <= MOST
      ? undefined
      : `A whole number from 1 to ${formatCount(MOST)}`;
  const why = reason.trim();
  const whyProblem = fieldProblem(ProposeQuarantineInput.shape.reason, why);
  const { topic, partition, offset } = record;
  return (
    <ProposeDialog
      title={`Set row ${record.key}${analysis.table ? ` of ${analysis.table}` : ""} aside?`}
      description={`Nothing happens yet. The record goes to the dead-letter topic with its raw bytes, ${formatCount(analysis.waiting)} waiting records are delivered, and the row can be replayed later.`}
      button="Plan the quarantine"
      isReady={problem === undefined && whyProblem === undefined}
      propose={() =>
        client.deadLetters.proposeQuarantine.mutate({
          ...sink,
          record: { topic, partition, offset },
          atMost: count,
          ...(why === "" ? {} : { reason: why }),
        })
      }
      onClose={onClose}
    >
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
      <Field
        label="Reason"
        optional
        help="Kept in the sink's configuration beside the entry, and in the error of the dead letter."
        error={whyProblem}
      >
        {(control) => (
          <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
    </ProposeDialog>
  );
}
