import { expect, test } from "vitest";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import { draftOf, settingsOf } from "./settings-draft.ts";

test("what is shown means what was stored", () => {
  const settings = {
    ...DEFAULT_SETTINGS,
    window: { from: "22:00", to: "06:00" },
    throttle: { rowsPerSecond: 5_000, statementSeconds: 10, pauseAboveSessions: 20 },
    excludedColumns: [
      {
        column: "note",
        reason: "trimmed on purpose",
        because: "chosen" as const,
        until: new Date("2026-05-01"),
      },
    ],
  };
  expect(settingsOf(draftOf(settings), settings)).toEqual({ settings, problems: {} });
});

test.each([
  { reason: "a | b", until: null },
  { reason: "a|b | 2026-01-01 | c", until: new Date("2026-05-01") },
  { reason: "moved on 2026-01-01", until: null },
  { reason: "agreed | 2026-01-01", until: null },
  { reason: "| trimmed |", until: null },
])("an excluded column keeps its reason: $reason", ({ reason, until }) => {
  const excludedColumns = [{ column: "note", reason, because: "profile" as const, until }];
  const settings = { ...DEFAULT_SETTINGS, excludedColumns };

  expect(settingsOf(draftOf(settings), settings)).toEqual({ settings, problems: {} });
});

test.each([
  ["targetPercent", "much", "Write a number"],
  ["targetPercent", "150", "At most 100"],
  ["slices", "", "Write a number"],
  ["slices", "0", "At least 1"],
  ["slices", "1.5", "Write a whole number"],
  ["statementSeconds", "0", "At least 1"],
  ["rowsPerSecond", "0", "More than 0"],
  ["schedule", " ", "Write something here"],
  ["window", "night", "Write it as 22:00-06:00"],
  ["window", "25:00-06:00", "Write HH:MM"],
  ["excludedColumns", "note", "Say why in: note"],
  ["excludedColumns", "note | why | 2026-02-31", "2026-02-31 is no day"],
])("%s: %s is refused in the field", (field, text, problem) => {
  expect(settingsOf({ ...draftOf(DEFAULT_SETTINGS), [field]: text }, DEFAULT_SETTINGS)).toEqual({
    settings: undefined,
    problems: { [field]: problem },
  });
});

test("what a word after the reason means is not guessed: only a date is an end", () => {
  const draft = { ...draftOf(DEFAULT_SETTINGS), excludedColumns: "note | why | tomorrow" };

  expect(settingsOf(draft, DEFAULT_SETTINGS).settings?.excludedColumns).toEqual([
    { column: "note", reason: "why | tomorrow", because: "chosen", until: null },
  ]);
});
