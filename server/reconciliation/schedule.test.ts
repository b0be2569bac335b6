import { expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { nextOccurrence, nextRuns, retryAt, scheduleProblems } from "./schedule.ts";

const at = (text: string) => new Date(`2026-11-21T${text}:00Z`);
const plain = { timeZone: "UTC", window: null, seed: "t" };

test.each([
  ["the full hour", "0 * * * *", "UTC", null, "10:20", "2026-11-21T11:00:00.000Z"],
  ["a zone's own night", "0 2 * * *", "Europe/Berlin", null, "10:20", "2026-11-22T01:00:00.000Z"],
  [
    "moved to the window's opening",
    "0 * * * *",
    "UTC",
    { from: "22:00", to: "06:00" },
    "10:20",
    "2026-11-21T22:00:00.000Z",
  ],
  [
    "inside a window over midnight",
    "0 * * * *",
    "UTC",
    { from: "22:00", to: "06:00" },
    "23:20",
    "2026-11-22T00:00:00.000Z",
  ],
] as const)("%s", (_situation, cron, timeZone, window, after, expected) => {
  expect(nextOccurrence({ cron, timeZone, window, seed: "t" }, at(after)).toISOString()).toBe(expected);
});

test("H is one minute of the table's own, the same every time", () => {
  const first = nextOccurrence({ ...plain, cron: "H * * * *" }, at("10:00"));
  const second = nextOccurrence({ ...plain, cron: "H * * * *" }, first);

  expect(second.getTime() - first.getTime()).toBe(3_600_000);
});

test("a switched-off table has no next run", () => {
  expect(nextRuns({ ...DEFAULT_SETTINGS, enabled: false }, "t", at("10:00"))).toEqual({
    nextRunAt: null,
    nextFullAt: null,
  });
});

const due = { nextRunAt: at("11:00"), nextFullAt: at("23:00") };
const full = { scope: "full", trigger: "schedule", startedAt: at("10:00") } as const;
const retries = [
  ["a scheduled full pass as a full pass", full, {}, due, { nextFullAt: at("10:12") }],
  [
    "any other run as an incremental one",
    { ...full, scope: "incremental" },
    {},
    due,
    { nextRunAt: at("10:12") },
  ],
  [
    "a full pass somebody asked for not as another one",
    { ...full, trigger: "demand" },
    {},
    due,
    { nextRunAt: at("10:12") },
  ],
  [
    "as it comes where full passes have no schedule",
    full,
    {},
    { ...due, nextFullAt: null },
    { nextRunAt: at("10:12") },
  ],
  ["not later than it is due", full, {}, { ...due, nextFullAt: at("10:05") }, { nextFullAt: at("10:05") }],
  ["after as long as it took", { ...full, startedAt: at("09:02") }, {}, due, { nextFullAt: at("11:02") }],
  ["not where a window says when", full, { window: { from: "22:00", to: "06:00" } }, due, {}],
  ["not where checks are off", full, { enabled: false }, due, {}],
] as const;
test.each(retries)("without a verdict it is tried again: %s", (_how, run, over, next, expected) => {
  expect(retryAt({ settings: { ...DEFAULT_SETTINGS, ...over }, ...next }, run, at("10:02"))).toEqual(
    expected,
  );
});

test.each([
  ["a minute that does not exist", { schedule: "61 * * * *" }, "schedule"],
  ["seconds", { schedule: "0 0 * * * *" }, "schedule"],
  ["no such zone", { timeZone: "Mars/Base" }, "timeZone"],
  ["hours that end when they begin", { window: { from: "22:00", to: "22:00" } }, "window"],
  ["a target above what is critical", { targetPercent: 9 }, "targetPercent"],
  ["a window without its column", { method: "timestamp_window" as const }, "timestampColumn"],
])("%s is refused at its field", (_situation, over, path) => {
  expect(scheduleProblems({ ...DEFAULT_SETTINGS, ...over })).toMatchObject([{ path }]);
});
