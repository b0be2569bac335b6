"use client";

import { useState } from "react";
import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import type { ConnectorRef } from "#domain/connectors/schema.ts";
import { ProposeIsolationInput } from "#domain/dead-letters/isolation.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";

export interface IsolateDialogProps {
  sink: ConnectorRef;
  topic: string;
  onClose: () => void;
}

/** The table in trouble gets a sink of its own, so that the others go on. */
export function IsolateDialog({ sink, topic, onClose }: IsolateDialogProps) {
  const client = useTRPCClient();
  const [newName, setNewName] = useState("");
  const name = newName.trim();
  const problem = name === "" ? undefined : fieldProblem(ProposeIsolationInput.shape.newName, name);
  const [then, setThen] = useState<"go-on" | "hold">("go-on");
  return (
    <ProposeDialog
      title={`Give ${topic} a sink of its own?`}
      description={`Nothing happens yet. A second sink with the same configuration takes the topic over exactly where ${sink.name} stands; the other tables of ${sink.name} go on.`}
      button="Plan the isolation"
      isReady={problem === undefined}
      propose={() =>
        client.deadLetters.proposeIsolation.mutate({
          ...sink,
          topic,
          hold: then === "hold",
          ...(name === "" ? {} : { newName: name }),
        })
      }
      onClose={onClose}
    >
      <Field
        label="Name of the second sink"
        optional
        help="Empty: made from the sink's and the table's."
        error={problem}
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            value={newName}
            onChange={(event) => setNewName(event.target.value)}
          />
        )}
      </Field>
      <RadioGroup
        label="Then"
        value={then}
        onValueChange={setThen}
        options={[
          {
            value: "go-on",
            label: "it goes on",
            help: "If the row in its way is still refused, it stops again and holds up nothing else.",
          },
          { value: "hold", label: "it stays stopped until somebody resumes it" },
        ]}
      />
    </ProposeDialog>
  );
}
