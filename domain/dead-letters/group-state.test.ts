import { expect, test } from "vitest";
import { afterArrivals, afterSettling, type GroupState } from "./group-state.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 20, 10, minute));
const open: GroupState = {
  status: "open",
  open: 3,
  muteUntilCount: undefined,
  muteUntilAt: undefined,
  resolvedAt: undefined,
};
const arrive = (state: GroupState, over = {}) =>
  afterArrivals(state, { total: 10, open: 4, newestAt: at(5), ...over }).status;

test.each([
  ["an open group stays open", open, {}, "open"],
  [
    "a resolved failure that comes back has regressed",
    { ...open, status: "resolved", resolvedAt: at(1) },
    {},
    "regressed",
  ],
  [
    "a late reading of an old record is no regression",
    { ...open, status: "resolved", resolvedAt: at(9) },
    {},
    "open",
  ],
  ["a muted group stays quiet", { ...open, status: "muted" }, {}, "muted"],
  ["a muted group wakes at its count", { ...open, status: "muted", muteUntilCount: 10 }, {}, "open"],
  ["a muted group sleeps below its count", { ...open, status: "muted", muteUntilCount: 11 }, {}, "muted"],
  ["a muted group wakes after its time", { ...open, status: "muted", muteUntilAt: at(4) }, {}, "open"],
  ["a regressed group stays regressed", { ...open, status: "regressed" }, {}, "regressed"],
] as const)("%s", (_case, state, over, expected) => {
  expect(arrive(state, over)).toBe(expected);
});

test("settling the last open record resolves the group, and reopening one opens it again", () => {
  const resolved = afterSettling({ ...open, status: "regressed" }, 0, at(7));

  expect(resolved).toMatchObject({ status: "resolved", resolvedAt: at(7) });
  expect(afterSettling(resolved, 1, at(8))).toMatchObject({ status: "open", resolvedAt: undefined });
  expect(afterSettling(open, 2, at(8)).status).toBe("open");
});
