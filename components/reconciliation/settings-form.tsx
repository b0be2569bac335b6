"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { describeError, explainError } from "#components/shell/describe-error.ts";
import { useTRPC } from "#components/shell/trpc.ts";
import { usePermission } from "#components/shell/viewer.tsx";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Section } from "#components/ui/section.tsx";
import { Select } from "#components/ui/select.tsx";
import { StateMessage } from "#components/ui/state-message.tsx";
import { Textarea } from "#components/ui/textarea.tsx";
import { toast } from "#components/ui/toast.ts";
import type { CheckedTable } from "./reconciliation-outputs.ts";
import { type Draft, draftOf, fieldAt, type ReadDraft, settingsOf } from "./settings-draft.ts";

const METHODS: Record<Draft["method"], string> = {
  checksum: "checksum: proves every column of every compared row",
  row_count: "row count: proves only that there are as many rows",
  timestamp_window: "timestamp window: rows changed lately; deletes stay unseen",
  sample: "sample: random rows, with a confidence interval",
};

type Opened = Pick<CheckedTable, "version" | "settings">;

/** How this table is checked. Everything is said in the field's help; the server has the last word. */
export function SettingsForm({ table }: { table: Pick<CheckedTable, "id" | "version" | "settings"> }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { reason } = usePermission("reconciliation:configure");
  const enabledId = useId();
  // As it was opened: what somebody else saves meanwhile must not replace what is being typed.
  const [opened, setOpened] = useState<Opened>(table);
  const [draft, setDraft] = useState(() => draftOf(table.settings));
  const [problems, setProblems] = useState<ReadDraft["problems"]>({});
  const open = (next: Opened) => {
    setOpened(next);
    setDraft(draftOf(next.settings));
    setProblems({});
  };
  const update = useMutation(
    trpc.reconciliation.updateSettings.mutationOptions({
      onSuccess: (saved) => {
        open(saved);
        toast.success("Settings saved; they hold from the next check");
      },
      onError: (error) => setProblems(serverProblems(error)),
      onSettled: () => queries.invalidateQueries(trpc.reconciliation.pathFilter()),
    }),
  );
  // What the server said was said of the settings as they stood then.
  const forgetAnswer = () => {
    if (!update.isPending) update.reset();
  };
  const set = <Key extends keyof Draft>(key: Key, value: Draft[Key]) => {
    setDraft({ ...draft, [key]: value });
    setProblems(({ [key]: _edited, ...others }) => others);
    forgetAnswer();
  };
  const loadTheirs = () => {
    open(table);
    forgetAnswer();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (update.isPending) return;
    const read = settingsOf(draft, opened.settings);
    setProblems(read.problems);
    if (read.settings) update.mutate({ id: table.id, version: opened.version, settings: read.settings });
  };
  const text = (
    key: { [Key in keyof Draft]: Draft[Key] extends string ? Key : never }[keyof Draft],
    label: string,
    help: string,
    rest: { type?: string } = {},
  ) => (
    <Field label={label} help={help} error={problems[key]}>
      {(control) => (
        <Input {...control} {...rest} value={draft[key]} onChange={(event) => set(key, event.target.value)} />
      )}
    </Field>
  );
  return (
    <form onSubmit={submit}>
      <Section title="How it is checked">
        {table.version > opened.version && (
          <StateMessage
            kind="stale"
            look="banner"
            className="mb-3"
            title="Somebody else has changed these settings"
            action={<Button onClick={loadTheirs}>Load theirs</Button>}
          >
            What you typed is still here, but can only be saved on top of theirs.
          </StateMessage>
        )}
        <div className="grid max-w-4xl gap-4 sm:grid-cols-2">
          <div className="flex items-center gap-2 text-table">
            <Checkbox
              id={enabledId}
              checked={draft.enabled}
              onChange={(event) => set("enabled", event.currentTarget.checked)}
            />
            <label htmlFor={enabledId}>Checked on schedule</label>
          </div>
          <Field label="Method">
            {(control) => (
              <Select
                {...control}
                value={draft.method}
                onChange={(event) => set("method", event.target.value as Draft["method"])}
              >
                {Object.entries(METHODS).map(([method, words]) => (
                  <option key={method} value={method}>
                    {words}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {text(
            "schedule",
            "Schedule",
            "Cron of five fields; H is a minute of the table's own, e.g. H * * * * for hourly.",
          )}
          {text("fullSchedule", "Full check", "Cron of five fields, e.g. H 2 * * *; empty: only on demand.")}
          {text("timeZone", "Time zone", "IANA name in which the schedule is read, e.g. Europe/Berlin.")}
          {text("window", "Only between", "HH:MM-HH:MM in which scheduled checks may start; empty: always.")}
          {text(
            "targetPercent",
            "Target",
            "Percent of rows that may drift without an explanation; 1 unless changed.",
          )}
          {text("criticalPercent", "Critical", "Percent at which drift is critical; 5 unless changed.")}
          {text(
            "rowsPerSecond",
            "Rows per second",
            "Most rows read a second at the source; empty: as fast as it answers.",
          )}
          {text(
            "statementSeconds",
            "Longest statement",
            "Seconds after which a statement is given up at either end.",
          )}
          {text(
            "pauseAboveSessions",
            "Wait above",
            "The check waits while the source has more active sessions; empty: never.",
          )}
          {text(
            "slices",
            "Slices",
            "A check also reads one of so many parts of the rows nobody touched; 24 covers all in a day.",
          )}
          {draft.method === "timestamp_window" &&
            text(
              "timestampColumn",
              "Timestamp column",
              "Column that says when a row was changed; needs an index.",
            )}
          {draft.method === "sample" &&
            text("sampleRows", "Sample", "Rows drawn per check; 30,000 find a drift of 0.01 % with 95 %.")}
          <Field
            label="Columns not compared"
            optional
            help="One per line: column | reason | until (YYYY-MM-DD, may be left out). They are reported as excluded, never as equal."
            error={problems.excludedColumns}
          >
            {(control) => (
              <Textarea
                {...control}
                rows={3}
                value={draft.excludedColumns}
                onChange={(event) => set("excludedColumns", event.target.value)}
              />
            )}
          </Field>
        </div>
        {update.error && (
          <StateMessage kind="failed" look="banner" title="The settings were not saved">
            {describeError(update.error)}
          </StateMessage>
        )}
        {update.data?.unchecked && (
          <StateMessage kind="partial" look="banner" title="Saved, but not all of it could be checked">
            {update.data.unchecked}
          </StateMessage>
        )}
        <Button
          type="submit"
          variant="primary"
          className="mt-4"
          blockedBecause={reason}
          pending={update.isPending}
        >
          Save settings
        </Button>
      </Section>
    </form>
  );
}

function serverProblems(error: unknown): ReadDraft["problems"] {
  const found: ReadDraft["problems"] = {};
  for (const { path, message } of explainError(error).problems) {
    const key = fieldAt(path.split("."));
    if (key) found[key] = found[key] === undefined ? message : `${found[key]}. ${message}`;
  }
  return found;
}
