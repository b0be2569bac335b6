"use client";

import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { POSTGRES_SOURCE_CLASS } from "#domain/connectors/effects.ts";
import type { PostgresSourceAnswers } from "#domain/connectors/postgres-source.ts";
import type { StepProps } from "./guide.tsx";
import { OtherKeys } from "./other-keys.tsx";
import { Tick } from "./tick.tsx";

const SNAPSHOT: readonly { value: PostgresSourceAnswers["snapshotMode"]; label: string; help: string }[] = [
  {
    value: "initial",
    label: "All rows, then every change",
    help: "initial: reads the tables once, then goes on with the log.",
  },
  {
    value: "no_data",
    label: "Changes from now on",
    help: "no_data: rows that are there already are not sent.",
  },
  {
    value: "when_needed",
    label: "All rows again whenever the position is lost",
    help: "when_needed: mends itself at the price of a new snapshot.",
  },
  { value: "initial_only", label: "All rows, once, and stop", help: "initial_only: no changes follow." },
];

export function SourceSettings(props: StepProps) {
  const { state, change, problems } = props;
  const { source } = state;
  const set = (answers: Partial<PostgresSourceAnswers>) =>
    change({ ...state, source: { ...source, ...answers } });
  return (
    <>
      <Field
        label="Prefix of the topics"
        id="answer-topicPrefix"
        error={problems.topicPrefix}
        help={`Topics are named ${source.topicPrefix || "prefix"}.schema.table. It cannot be changed later without starting over.`}
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-md font-mono"
            value={source.topicPrefix}
            onChange={(event) => set({ topicPrefix: event.target.value })}
          />
        )}
      </Field>
      <RadioGroup
        label="What is sent"
        options={SNAPSHOT}
        value={source.snapshotMode}
        onValueChange={(snapshotMode) => set({ snapshotMode })}
      />
      <Field
        label="Replication slot"
        id="answer-slotName"
        error={problems.slotName}
        help="Debezium makes it at the first start. Each source needs its own; it keeps the log until it is read."
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-md font-mono"
            value={source.slotName}
            onChange={(event) => set({ slotName: event.target.value })}
          />
        )}
      </Field>
      <Field
        label="Publication"
        id="answer-publicationName"
        error={problems.publicationName}
        help="Names the captured tables in PostgreSQL."
      >
        {(control) => (
          <div className="flex max-w-2xl flex-wrap gap-2">
            <Input
              {...control}
              className="max-w-md font-mono"
              value={source.publicationName}
              onChange={(event) => set({ publicationName: event.target.value })}
            />
            <Select
              aria-label="Who makes the publication"
              value={source.publicationMode}
              onChange={(event) =>
                set({ publicationMode: event.target.value === "disabled" ? "disabled" : "filtered" })
              }
            >
              <option value="filtered">the connector makes and keeps it</option>
              <option value="disabled">it exists already</option>
            </Select>
          </div>
        )}
      </Field>
      <Field
        label="Numbers with decimals"
        help="precise keeps every digit; double and string are for consumers that cannot read Connect's decimals."
      >
        {(control) => (
          <Select
            {...control}
            className="max-w-60"
            value={source.decimals}
            onChange={(event) => set({ decimals: event.target.value as PostgresSourceAnswers["decimals"] })}
          >
            <option value="precise">precise</option>
            <option value="double">double</option>
            <option value="string">string</option>
          </Select>
        )}
      </Field>
      <Field
        label="Heartbeat, in seconds"
        id="answer-heartbeatSeconds"
        error={problems.heartbeatSeconds}
        help="Moves the slot on while the captured tables are quiet, so that the log can be freed. 0 turns it off."
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-40"
            type="number"
            min={0}
            max={3600}
            value={Number.isFinite(source.heartbeatSeconds) ? source.heartbeatSeconds : ""}
            onChange={(event) => set({ heartbeatSeconds: event.target.valueAsNumber })}
          />
        )}
      </Field>
      <Tick
        label="Signals and notifications"
        help="Lets Headgate ask for snapshots of single tables and rows later and follow their progress, over two small topics and without writing to the source."
        checked={source.signals}
        onChange={(signals) => set({ signals })}
      />
      <OtherKeys
        {...props}
        plugin={POSTGRES_SOURCE_CLASS}
        extra={source.extra}
        onExtraChange={(extra) => set({ extra })}
      />
    </>
  );
}
