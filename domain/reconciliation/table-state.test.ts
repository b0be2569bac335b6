import { expect, test } from "vitest";
import { TABLE_STATES } from "./schema.ts";
import { isJudged, type TableFacts, tableVerdict } from "./table-state.ts";

const now = new Date("2026-11-21T12:00:00Z");
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const facts = (over: Partial<TableFacts> = {}): TableFacts => ({
  settings: { enabled: true, targetPercent: 1, criticalPercent: 5 },
  obstacle: null,
  heldBecause: null,
  isRunning: false,
  last: { state: "COMPLETED", isVerified: true, endedAt: ago(1), message: null },
  verifiedAt: ago(1),
  comparedRows: 1_000,
  openUnexplained: 0,
  openExplained: 0,
  ignored: 0,
  ...over,
});
const never = { last: null, verifiedAt: null, comparedRows: null };

test.each([
  ["fresh and equal", {}, "ok", "within"],
  ["never checked", never, "not_checked", "unknown"],
  [
    "never checked and switched off",
    { ...never, settings: { enabled: false, targetPercent: 1, criticalPercent: 5 } },
    "not_checked",
    "unknown",
  ],
  ["the first check runs", { ...never, isRunning: true }, "running", "unknown"],
  [
    "checked 26 hours ago",
    { verifiedAt: ago(26), last: { state: "COMPLETED", isVerified: true, endedAt: ago(26), message: null } },
    "stale",
    "unknown",
  ],
  [
    "the last check failed",
    { last: { state: "FAILED", isVerified: null, endedAt: ago(0.5), message: "x" } },
    "not_verifiable",
    "within",
  ],
  [
    "the sink was paused",
    { last: { state: "COMPLETED", isVerified: false, endedAt: ago(0.5), message: "paused" } },
    "not_verifiable",
    "within",
  ],
  [
    "the first check failed",
    { ...never, last: { state: "FAILED", isVerified: null, endedAt: ago(0.5), message: "x" } },
    "not_verifiable",
    "unknown",
  ],
  ["no database is registered", { obstacle: "not registered" }, "not_verifiable", "within"],
  ["known drift", { openUnexplained: 3 }, "drift_unexplained", "within"],
  ["known drift above the target", { openUnexplained: 20 }, "drift_unexplained", "above_target"],
  ["known drift above what is critical", { openUnexplained: 60 }, "drift_unexplained", "critical"],
  [
    "known drift stays known when it is old",
    { openUnexplained: 3, verifiedAt: ago(40) },
    "drift_unexplained",
    "within",
  ],
  [
    "known drift stays known when a check fails",
    { openUnexplained: 3, last: { state: "FAILED", isVerified: null, endedAt: ago(0.5), message: "x" } },
    "drift_unexplained",
    "within",
  ],
  ["everything is explained", { openExplained: 12 }, "drift_explained", "within"],
  ["rows are ignored", { ignored: 2 }, "drift_explained", "within"],
] as const)("%s", (_situation, over, state, level) => {
  expect(tableVerdict(facts(over as Partial<TableFacts>), now)).toMatchObject({ state, level });
});

test("only drift, known or explained, and equality are judgements", () => {
  expect(TABLE_STATES.filter(isJudged)).toEqual(["drift_unexplained", "drift_explained", "ok"]);
});
