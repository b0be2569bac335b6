import type { z } from "zod";
import { Rule, RuleOwner, RuleSuggestion, RuleText } from "#domain/dead-letters/rules.ts";
import { fieldProblem } from "#domain/errors/field-problem.ts";

/** Where a rule can look, in the order of the form. */
export const MATCH_FIELDS = [
  ["cluster", "Cluster"],
  ["table", "Table"],
  ["connector", "Sink"],
  ["stage", "Failed while"],
  ["cause", "Cause"],
  ["exception", "Exception"],
  ["message", "Message"],
] as const satisfies readonly (readonly [keyof Rule["match"], string])[];
type MatchField = keyof Rule["match"];

export type ActionKind = Rule["action"]["do"];

/** A rule as it is typed: everything text until it is looked at. */
export interface RuleDraft {
  name: string;
  match: Record<MatchField, string>;
  action: ActionKind;
  by: "topic" | "trace" | "op" | "partition";
  groupName: string;
  owner: string;
  suggestion: string;
  hours: string;
  times: string;
  atMost: string;
  quietMinutes: string;
}

export function draftOf(rule: Rule | undefined): RuleDraft {
  const action = rule?.action;
  const of = <K extends ActionKind>(kind: K) =>
    action?.do === kind ? (action as Extract<Rule["action"], { do: K }>) : undefined;
  return {
    name: rule?.name ?? "",
    match: {
      cluster: rule?.match.cluster ?? "",
      stage: rule?.match.stage ?? "",
      table: rule?.match.table ?? "",
      connector: rule?.match.connector ?? "",
      cause: rule?.match.cause ?? "",
      exception: rule?.match.exception ?? "",
      message: rule?.match.message ?? "",
    },
    action: action?.do ?? "mute",
    by: of("split")?.by ?? "topic",
    groupName: of("merge")?.name ?? "",
    owner: of("assign")?.owner ?? "",
    suggestion: of("suggest")?.text ?? "",
    hours: String(of("mute")?.untilHours ?? ""),
    times: action?.do === "mute" ? String(action.untilTimes ?? "") : "2",
    atMost: String(of("replay")?.atMost ?? 25),
    quietMinutes: String(of("replay")?.quietMinutes ?? 5),
  };
}

type TypedField = "name" | "groupName" | "owner" | "suggestion" | MatchField;

/** Why what was typed in a field cannot be sent, by field; what is still missing is ruleOf's to say. */
export function fieldProblems({ name, match, ...draft }: RuleDraft): Partial<Record<TypedField, string>> {
  const typed: (readonly [TypedField, z.ZodType, string])[] = [
    ["name", Rule.shape.name, name],
    ...MATCH_FIELDS.map(([field]) => [field, RuleText, match[field]] as const),
    ...(draft.action === "merge" ? [["groupName", RuleText, draft.groupName] as const] : []),
    ...(draft.action === "assign" ? [["owner", RuleOwner, draft.owner] as const] : []),
    ...(draft.action === "suggest" ? [["suggestion", RuleSuggestion, draft.suggestion] as const] : []),
  ];
  return Object.fromEntries(
    typed.flatMap(([field, schema, text]) => {
      const problem = text.trim() === "" ? undefined : fieldProblem(schema, text);
      return problem === undefined ? [] : [[field, problem]];
    }),
  );
}

/** The rule that the draft says, or in one sentence what is missing. */
export function ruleOf(draft: RuleDraft): Rule | string {
  const name = draft.name.trim();
  if (name === "") return "Name the rule";
  if (Object.keys(fieldProblems(draft)).length > 0) return "Correct the fields that are marked";
  const entries = MATCH_FIELDS.map(([field]) => [field, draft.match[field].trim()] as const);
  const match = Object.fromEntries(entries.filter(([, value]) => value !== ""));
  if (Object.keys(match).length === 0) return "Say at least one thing about the failures";
  const action = actionOf(draft);
  return typeof action === "string" ? action : { name, match, action };
}

function actionOf(draft: RuleDraft): Rule["action"] | string {
  switch (draft.action) {
    case "merge":
      return draft.groupName.trim() ? { do: "merge", name: draft.groupName.trim() } : "Name the group";
    case "split":
      return { do: "split", by: draft.by };
    case "assign":
      return draft.owner.trim() ? { do: "assign", owner: draft.owner.trim() } : "Say who looks after them";
    case "suggest":
      return draft.suggestion.trim()
        ? { do: "suggest", text: draft.suggestion.trim() }
        : "Write the suggestion";
    case "mute": {
      const times = whole(draft.times, 2, 1_000);
      const hours = whole(draft.hours, 1, 2_160);
      if (times === null) return "Times: a whole number from 2 to 1,000, or nothing";
      if (hours === null) return "Hours: a whole number from 1 to 2,160, or nothing";
      return {
        do: "mute",
        ...(times === undefined ? {} : { untilTimes: times }),
        ...(hours === undefined ? {} : { untilHours: hours }),
      };
    }
    case "replay": {
      const atMost = whole(draft.atMost, 1, 100);
      const quietMinutes = whole(draft.quietMinutes, 1, 1_440);
      if (atMost === null || atMost === undefined) return "Records a day: a whole number from 1 to 100";
      if (quietMinutes === null || quietMinutes === undefined)
        return "Quiet minutes: a whole number from 1 to 1,440";
      return { do: "replay", atMost, quietMinutes };
    }
  }
}

/** undefined: nothing was typed; null: it is no such number. */
function whole(text: string, from: number, to: number): number | null | undefined {
  if (text.trim() === "") return undefined;
  const value = Number(text);
  return Number.isInteger(value) && value >= from && value <= to ? value : null;
}
