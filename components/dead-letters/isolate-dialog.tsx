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
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import type { ConnectorRef } from "#domain/connectors/schema.ts";

export interface IsolateDialogProps {
  sink: ConnectorRef;
  topic: string;
  onClose: () => void;
}

/** The table in trouble gets a sink of its own, so that the others go on. */
export function IsolateDialog({ sink, topic, onClose }: IsolateDialogProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const [newName, setNewName] = useState("");
  const [then, setThen] = useState<"go-on" | "hold">("go-on");
  const propose = useMutation(
    trpc.deadLetters.proposeIsolation.mutationOptions({
      onSuccess: ({ planId }) => router.push(planPath(planId)),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (propose.isPending || propose.isSuccess) return;
    propose.mutate({
      ...sink,
      topic,
      hold: then === "hold",
      ...(newName.trim() === "" ? {} : { newName: newName.trim() }),
    });
  };
  return (
    <Dialog open onOpenChange={onClose}>
      <DialogContent>
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle className="break-all">Give {topic} a sink of its own?</DialogTitle>
            <DialogDescription>
              A second sink with the same configuration takes the topic over exactly where {sink.name} stands;
              the other tables of {sink.name} go on. A plan shows all of it first.
            </DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-4">
            <Field
              label="Name of the second sink"
              optional
              help="Empty: made from the sink's and the table's."
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
            <Button type="submit" variant="primary" pending={propose.isPending || propose.isSuccess}>
              Plan the isolation
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
