"use client";

import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { RadioGroup } from "#components/ui/radio-group.tsx";
import { Select } from "#components/ui/select.tsx";
import { JDBC_SINK_CLASS } from "#domain/connectors/effects.ts";
import type { JdbcSinkAnswers, TableNaming } from "#domain/connectors/jdbc-sink.ts";
import type { StepProps } from "./guide.tsx";
import { OtherKeys } from "./other-keys.tsx";
import { Tick } from "./tick.tsx";

const MODES: readonly { value: JdbcSinkAnswers["insertMode"]; label: string; help: string }[] = [
  {
    value: "upsert",
    label: "Insert or update by key",
    help: "upsert: an event delivered twice does no harm. The right choice for mirroring.",
  },
  {
    value: "insert",
    label: "Only insert",
    help: "insert: an event delivered twice becomes two rows or an error.",
  },
  { value: "update", label: "Only update", help: "update: rows that are not there are left out." },
];

const NAMINGS: readonly { value: TableNaming["kind"]; label: string }[] = [
  { value: "in-schema", label: "All tables in one schema" },
  { value: "as-source", label: "Schema and table as at the source" },
  { value: "as-topic", label: "The topic's name" },
  { value: "custom", label: "A format of your own" },
];

function namingOf(kind: TableNaming["kind"]): TableNaming {
  if (kind === "in-schema") return { kind, schema: "public" };
  return kind === "custom" ? { kind, format: "${topic}" } : { kind };
}

export function SinkSettings(props: StepProps) {
  const { state, change, problems } = props;
  const { sink } = state;
  const { naming } = sink;
  const set = (answers: Partial<JdbcSinkAnswers>) => change({ ...state, sink: { ...sink, ...answers } });
  return (
    <>
      <RadioGroup
        label="How rows are written"
        options={MODES}
        value={sink.insertMode}
        onValueChange={(insertMode) => set({ insertMode })}
      />
      <Tick
        label="Delete rows that were deleted at the source"
        help="Rows are found by the record's key."
        checked={sink.deletes}
        onChange={(deletes) => set({ deletes })}
      />
      <Field label="Names of the tables" help="The schema must exist in the target.">
        {(control) => (
          <div className="flex max-w-2xl flex-wrap gap-2">
            <Select
              {...control}
              className="max-w-72"
              value={naming.kind}
              onChange={(event) => set({ naming: namingOf(event.target.value as TableNaming["kind"]) })}
            >
              {NAMINGS.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </Select>
            {naming.kind === "in-schema" && (
              <Input
                aria-label="Schema of the target"
                id="answer-naming.schema"
                className="max-w-60 font-mono"
                value={naming.schema}
                onChange={(event) => set({ naming: { ...naming, schema: event.target.value } })}
              />
            )}
            {naming.kind === "custom" && (
              <Input
                aria-label="Format of the table's name"
                id="answer-naming.format"
                className="max-w-80 font-mono"
                value={naming.format}
                onChange={(event) => set({ naming: { ...naming, format: event.target.value } })}
              />
            )}
          </div>
        )}
      </Field>
      <Field
        label="Tables and columns that are missing"
        help="A schema change the sink may not make stops it, and nothing is lost: events wait in the topic."
      >
        {(control) => (
          <Select
            {...control}
            className="max-w-96"
            value={sink.schemaEvolution}
            onChange={(event) => set({ schemaEvolution: event.target.value === "none" ? "none" : "basic" })}
          >
            <option value="basic">the sink makes them (basic)</option>
            <option value="none">the sink stops and waits (none)</option>
          </Select>
        )}
      </Field>
      <Tick
        label="Quote names"
        help="Keeps upper case and odd characters in names of tables and columns."
        checked={sink.quoteIdentifiers}
        onChange={(quoteIdentifiers) => set({ quoteIdentifiers })}
      />
      <Field
        label="Tasks"
        id="answer-tasks"
        error={problems.tasks}
        help="They share the partitions of the topics; more than there are partitions do nothing."
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-40"
            type="number"
            min={1}
            max={64}
            value={Number.isFinite(sink.tasks) ? sink.tasks : ""}
            onChange={(event) => set({ tasks: event.target.valueAsNumber })}
          />
        )}
      </Field>
      <Field
        label="Rows per batch"
        id="answer-batchSize"
        error={problems.batchSize}
        help="Larger is faster; a bad row takes its batch down with it until it is set aside."
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-40"
            type="number"
            min={1}
            max={10_000}
            value={Number.isFinite(sink.batchSize) ? sink.batchSize : ""}
            onChange={(event) => set({ batchSize: event.target.valueAsNumber })}
          />
        )}
      </Field>
      <Field
        label="Dead-letter topic"
        id="answer-deadLetterTopic"
        error={problems.deadLetterTopic}
        help="Records that cannot be read or transformed go there with the reason, instead of stopping the task."
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-md font-mono"
            value={sink.deadLetterTopic}
            onChange={(event) => set({ deadLetterTopic: event.target.value })}
          />
        )}
      </Field>
      <OtherKeys
        {...props}
        plugin={JDBC_SINK_CLASS}
        extra={sink.extra}
        onExtraChange={(extra) => set({ extra })}
      />
    </>
  );
}
