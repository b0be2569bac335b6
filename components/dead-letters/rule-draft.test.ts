import { expect, test } from "vitest";
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

test("a saved rule comes back into the form as it was", () => {
  const rule = {
    name: "Split by topic",
    match: { table: "public.orders" },
    action: { do: "split" as const, by: "trace" as const },
  };

  expect(ruleOf(draftOf(rule))).toEqual(rule);
});
