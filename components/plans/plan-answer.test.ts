import { expect, test } from "vitest";
import { planAnswer, startBlocked } from "./plan-answer.ts";
import type { Plan, Run } from "./plan-outputs.ts";

const at = new Date("2026-11-21T12:00:00Z");

function aStep(position: number, state: Run["steps"][number]["state"]): Run["steps"][number] {
  return {
    position,
    key: `s${position}`,
    title: `Step ${position}`,
    state,
    attempts: 1,
    message: null,
    detail: null,
    done: null,
    total: null,
    note: null,
    startedAt: null,
    endedAt: null,
  };
}

function aRun(state: Run["state"], override: Partial<Run> = {}): Run {
  return {
    id: "r",
    planId: "p",
    state,
    message: null,
    reason: null,
    startedBy: { id: "ada", name: "Ada" },
    abortedBy: null,
    queuedAt: at,
    notBefore: at,
    startedAt: at,
    endedAt: null,
    worker: null,
    steps: [aStep(0, "succeeded"), aStep(1, "running")],
    ...override,
  };
}

function aPlan(override: Partial<Plan> = {}): Plan {
  return {
    id: "p",
    state: "proposed",
    draft: {
      kind: "k",
      title: "t",
      subject: {},
      level: 1,
      consequences: [],
      counts: {},
      steps: [{ key: "a", title: "a", input: null }],
    },
    fingerprint: "f",
    untouched: true,
    author: { id: "ada", name: "Ada" },
    proposedAt: at,
    expiresAt: at,
    approvals: [],
    approvalsNeeded: 0,
    cancelWindowSeconds: 0,
    countToType: { name: "steps", count: 1 },
    may: { run: { allowed: true }, approve: { allowed: true }, discard: { allowed: true } },
    run: null,
    hasItems: false,
    ...override,
  };
}

test.each([
  ["proposed", {}, "Nothing has happened yet. Read what it does, then start it."],
  ["proposed, a second person missing", { approvalsNeeded: 1 }, "A second person has to approve it"],
  ["tampered", { untouched: false }, "no longer matches its fingerprint"],
  ["running", { state: "running", run: aRun("running") }, "Running: 1 of 2 steps done."],
  ["failed", { state: "failed", run: aRun("failed", { message: "Step 1: refused" }) }, "Step 1: refused"],
  [
    "aborted",
    { state: "aborted", run: aRun("aborted", { message: "Aborted" }) },
    "Aborted: 1 of 2 steps done.",
  ],
  ["expired", { state: "expired" }, "Propose it again."],
] as [string, Partial<Plan>, string][])("a plan that is %s says so", (_case, override, words) => {
  expect(planAnswer(aPlan(override))).toContain(words);
});

test.each([
  ["nothing", {}, undefined],
  [
    "a missing right",
    { may: { ...aPlan().may, run: { allowed: false, reason: "Needs engineer" } } },
    "Needs engineer",
  ],
  ["a missing approval", { approvalsNeeded: 1 }, "A second person has to approve this first"],
  ["a changed content", { untouched: false }, "The stored content no longer matches its fingerprint"],
  [
    "nothing once approved",
    { approvalsNeeded: 1, approvals: [{ by: "Bea", reason: "ok", at }], state: "approved" },
    undefined,
  ],
] as [string, Partial<Plan>, string | undefined][])(
  "the start is held back by %s",
  (_case, override, reason) => {
    expect(startBlocked(aPlan(override))).toBe(reason);
  },
);
