import { expect, test } from "vitest";
import {
  canMove,
  holdsLocks,
  isAtRest,
  isResumable,
  nextStep,
  overallState,
  planStatusOf,
} from "./run-state.ts";
import { RunState, type StepState } from "./schema.ts";

const allowed: [RunState, RunState[]][] = [
  ["queued", ["running", "aborted"]],
  ["running", ["succeeded", "failed", "needs_attention", "aborting"]],
  ["aborting", ["aborted", "succeeded", "failed", "needs_attention"]],
  ["failed", ["queued"]],
  ["needs_attention", ["queued", "aborted"]],
  ["succeeded", []],
  ["aborted", []],
];

test.each(allowed)("from %s a run may go to %j and nowhere else", (from, targets) => {
  expect(RunState.options.filter((to) => canMove(from, to)).toSorted()).toEqual(targets.toSorted());
});

test.each([
  ["queued", false, true, false, "running"],
  ["running", false, true, false, "running"],
  ["aborting", false, true, false, "running"],
  ["needs_attention", true, true, true, "running"],
  ["failed", true, false, true, "failed"],
  ["aborted", true, false, false, "aborted"],
  ["succeeded", true, false, false, "done"],
] as const)(
  "%s: at rest %s, holds locks %s, resumable %s, its plan is %s",
  (state, rest, locks, resumable, plan) => {
    expect([isAtRest(state), holdsLocks(state), isResumable(state), planStatusOf(state)]).toEqual([
      rest,
      locks,
      resumable,
      plan,
    ]);
  },
);

test.each([
  [["succeeded", "succeeded"], false, "succeeded"],
  [["succeeded", "skipped"], false, "succeeded"],
  [["succeeded", "waiting"], false, "running"],
  [["succeeded", "waiting"], true, "aborted"],
  [["succeeded", "succeeded"], true, "succeeded"],
  [["succeeded", "failed", "waiting"], false, "failed"],
  [["succeeded", "failed", "waiting"], true, "failed"],
  [["unsettled", "waiting"], false, "needs_attention"],
  [["unsettled", "waiting"], true, "needs_attention"],
  [["running"], false, "running"],
] as [StepState[], boolean, RunState][])(
  "steps %j, abort asked %s: the run is %s",
  (steps, abort, expected) => {
    expect(overallState(steps, abort)).toBe(expected);
  },
);

test.each([
  ["the first waiting one is simply done", ["succeeded", "waiting"], { position: 1, settleFirst: false }],
  [
    "one found running is settled first",
    ["skipped", "running", "waiting"],
    { position: 1, settleFirst: true },
  ],
  ["a failed one is settled first", ["failed", "waiting"], { position: 0, settleFirst: true }],
  ["an unsettled one is settled first", ["unsettled"], { position: 0, settleFirst: true }],
  ["none is left", ["succeeded", "skipped"], undefined],
] as [string, StepState[], ReturnType<typeof nextStep>][])("next step: %s", (_case, states, expected) => {
  expect(nextStep(states.map((state, position) => ({ position, state })))).toEqual(expected);
});
