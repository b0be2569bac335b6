import { Field } from "#components/ui/field.tsx";
import { Input } from "#components/ui/input.tsx";
import { Select } from "#components/ui/select.tsx";
import type { ActionKind, fieldProblems, RuleDraft } from "./rule-draft.ts";

export interface RuleActionFieldsProps {
  draft: RuleDraft;
  problems: ReturnType<typeof fieldProblems>;
  onChange: (part: Partial<RuleDraft>) => void;
}

const ACTIONS: Record<ActionKind, string> = {
  mute: "are muted",
  assign: "are assigned",
  suggest: "show a suggestion",
  merge: "become one group",
  split: "are divided",
  replay: "are replayed by themselves, where the cause passes",
};

/** What the rule does, and what it has to know for that. */
export function RuleActionFields({ draft, problems, onChange }: RuleActionFieldsProps) {
  const text = (
    label: string,
    field: keyof RuleDraft & ("groupName" | "owner" | "suggestion"),
    help?: string,
  ) => (
    <Field label={label} help={help} error={problems[field]}>
      {(control) => (
        <Input
          {...control}
          value={draft[field]}
          onChange={(event) => onChange({ [field]: event.target.value })}
        />
      )}
    </Field>
  );
  const number = (label: string, field: "hours" | "times" | "atMost" | "quietMinutes", optional: boolean) => (
    <Field label={label} optional={optional}>
      {(control) => (
        <Input
          {...control}
          inputMode="numeric"
          value={draft[field]}
          onChange={(event) => onChange({ [field]: event.target.value.trim() })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="grid gap-3 sm:grid-cols-2">
      <legend className="sr-only">What happens</legend>
      <Field label="They">
        {(control) => (
          <Select
            {...control}
            value={draft.action}
            onChange={(event) => onChange({ action: event.target.value as ActionKind })}
          >
            {Object.entries(ACTIONS).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.action === "merge" && text("Name of the group", "groupName")}
      {draft.action === "assign" && text("To", "owner")}
      {draft.action === "suggest" && text("Suggestion", "suggestion", "Shown instead of the catalogue's.")}
      {draft.action === "split" && (
        <Field label="By">
          {(control) => (
            <Select
              {...control}
              value={draft.by}
              onChange={(event) => onChange({ by: event.target.value as RuleDraft["by"] })}
            >
              <option value="topic">original topic</option>
              <option value="trace">stack trace</option>
              <option value="op">kind of change</option>
              <option value="partition">partition</option>
            </Select>
          )}
        </Field>
      )}
      {draft.action === "mute" && (
        <>
          {number("Until they have grown so many times", "times", true)}
          {number("For so many hours", "hours", true)}
        </>
      )}
      {draft.action === "replay" && (
        <>
          {number("Records of a group a day, at most", "atMost", false)}
          {number("After so many quiet minutes", "quietMinutes", false)}
        </>
      )}
    </fieldset>
  );
}
