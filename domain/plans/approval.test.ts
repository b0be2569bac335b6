import { describe, expect, test } from "vitest";
import type { Role } from "../access/permissions.ts";
import {
  approvalsNeeded,
  cancelWindowSeconds,
  confirmationProblems,
  countToType,
  draftProblems,
  judgeApprover,
} from "./approval.ts";
import type { Confirmation, PlanDraft } from "./schema.ts";

const draft: PlanDraft = {
  kind: "k",
  title: "t",
  subject: {},
  level: 3,
  consequences: [],
  counts: { topics: 7, connectors: 1 },
  confirmName: "orders",
  steps: [{ key: "a", title: "a", input: null }],
};

test.each([
  [1, 0, 0],
  [2, 0, 0],
  [3, 1, 30],
] as const)("level %i needs %i approvals and waits %i s", (level, approvals, seconds) => {
  expect([approvalsNeeded(level), cancelWindowSeconds(level)]).toEqual([approvals, seconds]);
});

test.each([
  ["the largest when none is named", {}, { name: "topics", count: 7 }],
  ["the named one", { confirmCount: "connectors" }, { name: "connectors", count: 1 }],
  ["the first by name among equals", { counts: { b: 2, a: 2 } }, { name: "a", count: 2 }],
] as const)("the count to type is %s", (_case, override, expected) => {
  expect(countToType({ ...draft, ...override })).toEqual(expected);
});

const full: Confirmation = { reason: "why", typedCount: 7, typedName: "orders" };

test.each([
  [1, {}, []],
  [2, { reason: "why", typedCount: 7 }, []],
  [2, {}, ["reason", "typedCount"]],
  [2, { reason: "why", typedCount: 1 }, ["typedCount"]],
  [2, { reason: "", typedCount: 7 }, ["reason"]],
  [3, full, []],
  [3, { ...full, typedName: "order" }, ["typedName"]],
  [3, { ...full, typedName: "Orders" }, ["typedName"]],
  [3, {}, ["reason", "typedCount", "typedName"]],
] as const)("level %i with %j misses %j", (level, confirmation, paths) => {
  const problems = confirmationProblems({ ...draft, level }, confirmation);

  expect(problems.map((problem) => problem.path)).toEqual(paths);
});

describe("the second person", () => {
  test.each([
    ["an engineer", "bea", ["engineer"], true],
    ["an admin", "root", ["admin"], true],
    ["an engineer by a second role", "bea", ["viewer", "engineer"], true],
    ["the author", "ada", ["engineer"], false],
    ["the author, even as admin", "ada", ["admin"], false],
    ["an operator", "oli", ["operator"], false],
    ["a security reviewer", "sec", ["security"], false],
  ] as [string, string, Role[], boolean][])("%s: %s %j → %s", (_who, id, roles, allowed) => {
    const verdict = judgeApprover(
      { id, roles },
      { authorId: "ada", approvePermission: "connectors:configure" },
    );

    expect(verdict.allowed).toBe(allowed);
  });

  test("also needs the permission of the kind", () => {
    const verdict = judgeApprover(
      { id: "bea", roles: ["engineer"] },
      { authorId: "ada", approvePermission: "access:manage" },
    );

    expect(verdict).toEqual({
      allowed: false,
      reason: "Approving this needs the permission access:manage, which these roles have: admin",
    });
  });
});

test.each([
  ["a sound draft", {}, []],
  ["two steps with one key", { steps: [...draft.steps, ...draft.steps] }, ["steps"]],
  ["a count to type that is not there", { confirmCount: "rows" }, ["confirmCount"]],
  ["nothing to type at level 2", { level: 2, counts: {} }, ["counts"]],
  ["no name at level 3", { confirmName: undefined }, ["confirmName"]],
  ["nothing to type at level 1", { level: 1, counts: {}, confirmName: undefined }, []],
] as [string, Partial<PlanDraft>, string[]][])("%s", (_case, override, paths) => {
  expect(draftProblems({ ...draft, ...override }).map((problem) => problem.path)).toEqual(paths);
});
