import { expect, test } from "vitest";
import type { Rule } from "#domain/dead-letters/rules.ts";
import { draftOf, ruleOf } from "./rule-draft.ts";

const draft = {
  ...draftOf(undefined),
  name: "Deadlocks pass",
  match: { ...draftOf(undefined).match, cause: "conflict" },
};

test("a rule that was typed says what it matches and does, and nothing that was left empty", () => {
  expect(ruleOf({ ...draft, action: "replay" })).toEqual({
    name: "Deadlocks pass",
    match: { cause: "conflict" },
    action: { do: "replay", atMost: 25, quietMinutes: 5 },
  });
  expect(ruleOf({ ...draft, action: "mute", times: "" })).toMatchObject({ action: { do: "mute" } });
});

test("what is missing is said", () => {
  expect(ruleOf({ ...draft, name: " " })).toBe("Name the rule");
  expect(ruleOf(draftOf(undefined))).toBe("Name the rule");
  expect(ruleOf({ ...draft, match: draftOf(undefined).match })).toBe(
    "Say at least one thing about the failures",
  );
  expect(ruleOf({ ...draft, action: "merge" })).toBe("Name the group");
  expect(ruleOf({ ...draft, action: "replay", atMost: "1000" })).toContain("from 1 to 100");
});

const everyMatch: Rule["match"] = {
  cluster: "lab",
  connector: "warehouse-sink",
  table: "public.orders",
  stage: "TASK_PUT",
  cause: "conflict",
  exception: "BatchUpdateException",
  message: "deadlock detected",
};

test.each(Object.entries(everyMatch))(
  "a saved rule about %s comes back into the form as it was",
  (field, value) => {
    const rule: Rule = { name: "Split", match: { [field]: value }, action: { do: "split", by: "trace" } };

    expect(ruleOf(draftOf(rule))).toEqual(rule);
  },
);

test.each<Rule["action"]>([
  { do: "merge", name: "Deadlocks" },
  { do: "split", by: "partition" },
  { do: "mute" },
  { do: "mute", untilHours: 24 },
  { do: "mute", untilTimes: 5 },
  { do: "mute", untilTimes: 3, untilHours: 2 },
  { do: "assign", owner: "data-platform" },
  { do: "suggest", text: "Ask the shop team" },
  { do: "replay", atMost: 7, quietMinutes: 9 },
])("a saved rule comes back into the form as it was: %j", (action) => {
  const rule: Rule = { name: "Everything", match: everyMatch, action };

  expect(ruleOf(draftOf(rule))).toEqual(rule);
});

test("a new rule mutes until the failures have doubled", () => {
  expect(ruleOf({ ...draft, action: "mute" })).toMatchObject({ action: { do: "mute", untilTimes: 2 } });
});
