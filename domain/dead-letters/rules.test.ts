import { expect, test } from "vitest";
import { decideSending, type GroupToSend, MOST_PARTS, partsOf, Rule } from "./rules.ts";

const now = new Date("2026-11-21T12:00:00Z");
const group: GroupToSend = {
  status: "open",
  open: 500,
  isTransient: true,
  lastSeen: new Date(now.getTime() - 10 * 60_000),
  sinkRuns: true,
  deliveredSince: 12,
  sentToday: 0,
  lastRun: "none",
};
const limits = { atMost: 100, quietMinutes: 5 };

test.each([
  [{}, { send: 100 }],
  [{ open: 7 }, { send: 7 }],
  [{ sentToday: 95 }, { send: 5 }],
  [{ lastRun: "delivered" }, { send: 100 }],
  [{ sentToday: 100 }, { wait: expect.stringContaining("all this rule may") }],
  [{ isTransient: false }, { stop: expect.stringContaining("does not pass") }],
  [{ lastRun: "failed" }, { stop: expect.stringContaining("a person should look") }],
  [{ lastRun: "working" }, { wait: expect.anything() }],
  [{ status: "muted" }, { wait: expect.anything() }],
  [{ open: 0 }, { wait: expect.anything() }],
  [{ lastSeen: new Date(now.getTime() - 60_000) }, { wait: expect.stringContaining("5 minutes") }],
  [{ sinkRuns: false }, { wait: expect.anything() }],
  [{ deliveredSince: undefined }, { wait: expect.stringContaining("not delivered") }],
  [{ deliveredSince: 0 }, { wait: expect.stringContaining("not delivered") }],
] as [Partial<GroupToSend>, object][])("with %j: %j", (over, decision) => {
  expect(decideSending({ ...group, ...over }, limits, now)).toEqual(decision);
});

test("a split gives the largest values a part each, and a stable order to equal ones", () => {
  const counts = new Map(Array.from({ length: 60 }, (_item, index) => [`v${index}`, index % 2] as const));

  expect(partsOf(counts)).toHaveLength(MOST_PARTS);
  expect(
    partsOf(
      new Map([
        ["b", 1],
        ["a", 1],
        ["c", 9],
      ]),
    ),
  ).toEqual(["c", "a", "b"]);
});

test.each([
  [{ name: "x", match: {}, action: { do: "merge", name: "y" } }],
  [{ name: "x", match: { regex: ".*" }, action: { do: "merge", name: "y" } }],
  [{ name: "x", match: { table: "t" }, action: { do: "replay", atMost: 5_000 } }],
  [{ name: "", match: { table: "t" }, action: { do: "mute" } }],
])("%j is no rule", (rule) => {
  expect(Rule.safeParse(rule).success).toBe(false);
});
