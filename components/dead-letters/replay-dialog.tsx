"use client";

import { useState } from "react";
import { ProposeDialog } from "#components/plans/propose-dialog.tsx";
import { useTRPCClient } from "#components/shell/trpc.ts";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { ProposeReplayInput, STOP_AFTER, STOP_SHARE } from "#domain/dead-letters/replay-input.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";
import { formatCount } from "#domain/format/numbers.ts";
import { type RepairTarget, targetCount, targetWords } from "./repair-target.ts";
import { VERDICT_WORDS } from "./state-words.ts";

export interface ReplayDialogProps {
  target: RepairTarget & { cluster: string };
  onClose: () => void;
}

const OVERRIDES = ["unknown", "blocked"] as const;
type Override = (typeof OVERRIDES)[number];

/** How to send them again; judging each record and freezing the order makes the plan. */
export function ReplayDialog({ target, onClose }: ReplayDialogProps) {
  const client = useTRPCClient();
  const [canary, setCanary] = useState("25");
  const [rate, setRate] = useState("");
  const [targetTopic, setTargetTopic] = useState("");
  const [alsoSend, setAlsoSend] = useState<readonly Override[]>([]);
  const canaryProblem = wholeNumberProblem(canary, 0, 1_000);
  const topic = targetTopic.trim();
  const topicProblem = topic === "" ? undefined : fieldProblem(ProposeReplayInput.shape.targetTopic, topic);
  const rateProblem = rate === "" ? undefined : wholeNumberProblem(rate, 1, 100_000);
  return (
    <ProposeDialog
      size="md"
      title={`Replay ${targetWords(target)}?`}
      description="Nothing is sent yet. Headgate reads the original topics for newer events of these rows, gives a verdict on every record and freezes the order in a plan."
      button={`Plan the replay of ${targetCount(target)}`}
      pendingButton="Reading the topics…"
      isReady={canaryProblem === undefined && rateProblem === undefined && topicProblem === undefined}
      propose={() =>
        client.deadLetters.proposeReplay.mutate({
          cluster: target.cluster,
          selection: target.selection,
          alsoSend: [...alsoSend],
          canary: Number(canary),
          ...(rate === "" ? {} : { ratePerSecond: Number(rate) }),
          ...(topic === "" ? {} : { targetTopic: topic }),
        })
      }
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Canary"
          help="So many records are sent and confirmed before the others. 0 sends all at once."
          error={canaryProblem}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={canary}
              onChange={(event) => setCanary(event.target.value.trim())}
            />
          )}
        </Field>
        <Field
          label="Records a second"
          optional
          help="Begins slowly and reaches this after 10 s. Empty: as fast as it goes."
          error={rateProblem}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              value={rate}
              onChange={(event) => setRate(event.target.value.trim())}
            />
          )}
        </Field>
      </div>
      <Field
        label="To another topic"
        optional
        help="Empty: each record goes back to the topic it came from. The keys, and with them the order of a row's events, stay."
        error={topicProblem}
      >
        {(control) => (
          <Input
            {...control}
            className="font-mono"
            value={targetTopic}
            onChange={(event) => setTargetTopic(event.target.value)}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-2 text-table">
        <legend className="mb-1 font-medium">What is sent</legend>
        <p className="text-muted-foreground">
          Records judged <b className="font-medium text-foreground">safe</b> or{" "}
          <b className="font-medium text-foreground">chained</b> are sent. Records judged{" "}
          <b className="font-medium text-foreground">superseded</b> never are:{" "}
          {lowerFirst(VERDICT_WORDS.superseded)}
        </p>
        {OVERRIDES.map((verdict) => (
          <label key={verdict} htmlFor={`also-${verdict}`} className="flex items-start gap-2">
            <Checkbox
              id={`also-${verdict}`}
              className="mt-0.5"
              checked={alsoSend.includes(verdict)}
              onChange={() =>
                setAlsoSend(
                  alsoSend.includes(verdict)
                    ? alsoSend.filter((each) => each !== verdict)
                    : [...alsoSend, verdict],
                )
              }
            />
            <span>
              Also send records judged {verdict}
              <span className="block text-meta text-muted-foreground">
                {VERDICT_WORDS[verdict]}
                {verdict === "unknown" && " A second person has to approve the plan."}
              </span>
            </span>
          </label>
        ))}
      </fieldset>
      <p className="text-meta text-muted-foreground">
        It stops by itself when more than {STOP_SHARE * 100} % of at least {formatCount(STOP_AFTER)} records
        fail again, when a sink stops, or when its lag grows and does not shrink. Records of one row go in
        their order; the first that fails holds back the later ones of that row.
      </p>
    </ProposeDialog>
  );
}

function wholeNumberProblem(text: string, from: number, to: number): string | undefined {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return undefined;
  return `A whole number from ${formatCount(from)} to ${formatCount(to)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
