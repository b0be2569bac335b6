"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
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
import { Select } from "#components/ui/select.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { toast } from "#components/ui/toast.ts";
import { useOneAtATime } from "#components/ui/use-one-at-a-time.ts";
import { AddTopicInput, ExcludeTopicInput } from "#domain/dead-letters/topics.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";
import type { TopicAct } from "./topic-list.tsx";

export interface TopicDialogProps {
  act: TopicAct;
  onClose: () => void;
}

const WORDS = {
  add: {
    title: () => "Add a dead-letter topic",
    meaning: "It is indexed from its beginning. Nothing is written to it.",
    verb: "Add",
  },
  exclude: {
    title: (topic: string) => `Stop reading ${topic}?`,
    meaning: "Its records stay in the list as they are; new ones are not seen any more.",
    verb: "Stop reading",
  },
  copies: {
    title: (topic: string) => `Keep copies of ${topic}`,
    meaning:
      "When Kafka removes a record, its raw bytes can be kept here for longer, so that it can still be replayed. They hold what the rows hold.",
    verb: "Save",
  },
} as const;

/** Adds a topic, stops reading one, or says how long copies are kept. */
export function TopicDialog({ act, onClose }: TopicDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const clusters = useQuery(trpc.catalog.clusters.queryOptions());
  const names = clusters.data?.clusters.map(({ name }) => name) ?? [];
  const [cluster, setCluster] = useState("");
  const [topic, setTopic] = useState("");
  const [reason, setReason] = useState("");
  const [days, setDays] = useState(act.do === "copies" ? String(act.topic.copyDays) : "");
  const oneAtATime = useOneAtATime();
  const options = {
    onSuccess: () => {
      toast.success(act.do === "add" ? `${topic} is read from its beginning` : "Saved");
      onClose();
    },
    onSettled: () => queries.invalidateQueries(trpc.deadLetters.pathFilter()),
  };
  const add = useMutation(trpc.deadLetters.addTopic.mutationOptions(options));
  const exclude = useMutation(trpc.deadLetters.excludeTopic.mutationOptions(options));
  const copies = useMutation(trpc.deadLetters.setCopyPolicy.mutationOptions(options));
  const current = { add, exclude, copies }[act.do];
  const { isPending } = current;
  const words = WORDS[act.do];
  const topicProblem = fieldProblem(AddTopicInput.shape.topic, topic);
  const reasonProblem = fieldProblem(ExcludeTopicInput.shape.reason, reason);
  const isReady =
    act.do === "add"
      ? topicProblem === undefined && names.length > 0
      : act.do === "exclude"
        ? reasonProblem === undefined
        : /^\d{1,4}$/.test(days) && Number(days) <= 3_650;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) oneAtATime(send);
  };
  const send = (): Promise<unknown> => {
    switch (act.do) {
      case "add":
        return add.mutateAsync({ cluster: cluster || (names[0] ?? ""), topic: topic.trim() });
      case "exclude":
        return exclude.mutateAsync({ id: act.topic.id, reason: reason.trim() });
      case "copies":
        return copies.mutateAsync({ id: act.topic.id, copyDays: Number(days) });
    }
  };
  return (
    // Left while it is sent, it could not tell that nothing was changed.
    <Dialog open onOpenChange={() => !isPending && onClose()}>
      <DialogContent>
        <form className="flex min-h-0 flex-col" onSubmit={submit}>
          <DialogHeader>
            <DialogTitle className="break-all">
              {words.title(act.do === "add" ? "" : act.topic.topic)}
            </DialogTitle>
            <DialogDescription>{words.meaning}</DialogDescription>
          </DialogHeader>
          <DialogBody className="flex flex-col gap-3">
            {act.do === "add" && (
              <>
                <Field label="Cluster">
                  {(control) => (
                    <Select {...control} value={cluster} onChange={(event) => setCluster(event.target.value)}>
                      {names.map((name) => (
                        <option key={name}>{name}</option>
                      ))}
                    </Select>
                  )}
                </Field>
                <Field
                  label="Topic"
                  help="It has to exist already."
                  error={topic === "" ? undefined : topicProblem}
                >
                  {(control) => (
                    <Input
                      {...control}
                      className="font-mono"
                      value={topic}
                      onChange={(event) => setTopic(event.target.value)}
                    />
                  )}
                </Field>
              </>
            )}
            {act.do === "exclude" && (
              <Field
                label="Reason"
                help="Kept in the audit trail."
                error={reason === "" ? undefined : reasonProblem}
              >
                {(control) => (
                  <Input {...control} value={reason} onChange={(event) => setReason(event.target.value)} />
                )}
              </Field>
            )}
            {act.do === "copies" && (
              <Field label="Days after Kafka has removed it" help="0 keeps no copy. At most 3,650.">
                {(control) => (
                  <Input
                    {...control}
                    inputMode="numeric"
                    value={days}
                    onChange={(event) => setDays(event.target.value.trim())}
                  />
                )}
              </Field>
            )}
            {current.error && (
              <StateMessage kind="failed" look="banner" title="Nothing was changed">
                {describeError(current.error)}
              </StateMessage>
            )}
          </DialogBody>
          <DialogFooter>
            <DialogClose asChild>
              <Button disabled={isPending}>Cancel</Button>
            </DialogClose>
            <Button type="submit" variant="primary" disabled={!isReady} pending={isPending}>
              {words.verb}
            </Button>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
}
