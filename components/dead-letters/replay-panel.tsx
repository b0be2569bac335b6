"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Pause, Play } from "lucide-react";
import { type FormEvent, useState } from "react";
import { describeError } from "#components/shell/describe-error.ts";
import { QueryState } from "#components/shell/query-state.tsx";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/section.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from "#components/ui/table.tsx";
import { toast } from "#components/ui/toast.ts";
import { formatCount, formatRate } from "#domain/format/numbers.ts";
import type { Replay } from "./dead-letter-outputs.ts";
import { OutcomeBar } from "./outcome-bar.tsx";
import { outcomesOf, verdictsOf } from "./replay-numbers.ts";
import { RevealedEdit } from "./revealed-edit.tsx";
import { VERDICT_WORDS } from "./state-words.ts";

export interface ReplayPanelProps {
  replayId: string;
  /** A value was written by hand. */
  isEdited: boolean;
  /** The run works on it. */
  isRunning: boolean;
}

/** A replay's verdicts before it runs, and its outcomes while it does: paused, resumed and slowed here. */
export function ReplayPanel({ replayId, isEdited, isRunning }: ReplayPanelProps) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.deadLetters.replay.queryOptions({ id: replayId }, { refetchInterval: isRunning ? 1_000 : false }),
  );
  return (
    <QueryState query={query} what="the replay">
      {(replay) => (
        <>
          {isEdited && <RevealedEdit replayId={replayId} />}
          <Section
            title="Verdict on each record"
            description="Made by reading the original topics for newer events of the same rows, when the plan was made. It is looked at again before each batch is sent."
            flush
          >
            <Verdicts replay={replay} />
          </Section>
          <Section
            title="How it goes"
            description={replay.pausedBecause ?? undefined}
            actions={isRunning && <ReplayControls replay={replay} />}
          >
            {replay.paused && isRunning && (
              <StateMessage kind="partial" look="banner" title="Paused" className="mb-3">
                {replay.pausedBecause ?? "Somebody paused it."} What was sent stays sent; resume or abort it.
              </StateMessage>
            )}
            <div role="status" aria-live="off">
              <OutcomeBar outcomes={outcomesOf(replay.counts)} />
            </div>
          </Section>
        </>
      )}
    </QueryState>
  );
}

function Verdicts({ replay }: { replay: Replay }) {
  return (
    <Table label="Verdicts">
      <TableHead>
        <TableRow>
          <TableHeader>Verdict</TableHeader>
          <TableHeader className="text-right">Records</TableHeader>
          <TableHeader className="text-right">Sent</TableHeader>
          <TableHeader>Meaning</TableHeader>
        </TableRow>
      </TableHead>
      <TableBody>
        {verdictsOf(replay.counts).map(({ verdict, records, sent }) => (
          <TableRow key={verdict}>
            <TableCell className="font-medium">{verdict}</TableCell>
            <TableCell className="text-right">{formatCount(records)}</TableCell>
            <TableCell className="text-right">
              {sent === 0 && records > 0 ? "left out" : formatCount(sent)}
            </TableCell>
            <TableCell className="text-muted-foreground">{VERDICT_WORDS[verdict]}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function ReplayControls({ replay }: { replay: Replay }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("dead-letters:repair");
  const [rate, setRate] = useState<string>();
  const change = useMutation(
    trpc.deadLetters.changeReplay.mutationOptions({
      onSuccess: () => setRate(undefined),
      onError: (error) => toast.error("It was not changed", { description: describeError(error) }),
      onSettled: () => queries.invalidateQueries(trpc.deadLetters.pathFilter()),
    }),
  );
  const { id, paused, ratePerSecond } = replay;
  const wanted = rate === "" ? null : Number(rate);
  const isRate = rate !== undefined && (rate === "" || (/^\d+$/.test(rate) && Number(rate) > 0));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isRate) change.mutate({ id, ratePerSecond: wanted });
  };
  return (
    <>
      <form className="flex items-end gap-2" onSubmit={submit}>
        <Field
          label={
            <span className="text-meta">
              Records a second (now{" "}
              {ratePerSecond === null ? "as fast as it goes" : formatRate(ratePerSecond)})
            </span>
          }
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              className="w-28"
              value={rate ?? ""}
              onChange={(event) => setRate(event.target.value.trim())}
            />
          )}
        </Field>
        <Button type="submit" disabled={!isRate} blockedBecause={reason} pending={change.isPending}>
          Change the rate
        </Button>
      </form>
      <Button
        variant={paused ? "primary" : "secondary"}
        blockedBecause={reason}
        pending={change.isPending}
        className="self-end"
        onClick={() => change.mutate({ id, paused: !paused })}
      >
        {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
        {paused ? "Resume" : "Pause"}
      </Button>
    </>
  );
}
