import { expect, test } from "vitest";
import { activityState } from "./activity.ts";
import { effectiveStatus, expiryOf } from "./expiry.ts";
import { lockKeys } from "./locks.ts";
import type { PlanStatus, RunState } from "./schema.ts";

const now = new Date("2026-11-21T12:00:00Z");
const past = new Date("2026-11-21T12:00:00Z");
const future = new Date("2026-11-21T12:00:01Z");

test("a plan lives for a day", () => {
  expect(expiryOf(now)).toEqual(new Date("2026-11-22T12:00:00Z"));
});

test.each([
  ["proposed", future, "proposed"],
  ["proposed", past, "expired"],
  ["approved", past, "expired"],
  ["running", past, "running"],
  ["done", past, "done"],
  ["discarded", past, "discarded"],
] as [PlanStatus, Date, PlanStatus][])("%s that expires at %s is %s", (status, expiresAt, expected) => {
  expect(effectiveStatus({ status, expiresAt }, now)).toBe(expected);
});

test.each([
  ["proposed", future, undefined, "proposed"],
  ["approved", past, undefined, "expired"],
  ["running", past, "needs_attention", "needs_attention"],
  ["running", past, "queued", "queued"],
  ["done", past, "succeeded", "succeeded"],
] as [PlanStatus, Date, RunState | undefined, string][])(
  "a plan %s (expires %s) with a run %s stands at %s",
  (status, expiresAt, state, expected) => {
    expect(activityState({ status, expiresAt }, state && { state }, now)).toBe(expected);
  },
);

test.each([
  ["its own locks, sorted and once", { subject: { a: "1" }, locks: ["b", "a", "b"] }, ["a", "b"]],
  [
    "the whole subject when none are given",
    { subject: { connector: "x", cluster: "lab" } },
    ["cluster=lab/connector=x"],
  ],
  ["the whole subject when the list is empty", { subject: { a: "1" }, locks: [] }, ["a=1"]],
  ["nothing without a subject", { subject: {} }, []],
] as const)("a run holds %s", (_case, draft, keys) => {
  expect(
    lockKeys({ subject: draft.subject, locks: "locks" in draft ? [...draft.locks] : undefined }),
  ).toEqual(keys);
});
