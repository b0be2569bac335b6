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
  expect(settingsOf(draftOf(settings))).toEqual({ settings, problems: {} });
});

test.each([
  ["targetPercent", "much", "Write a number"],
  ["slices", "", "Write a number"],
  ["window", "night", "Write it as 22:00-06:00"],
  ["excludedColumns", "note", "Say why in: note"],
  ["excludedColumns", "note | why | tomorrow", "tomorrow is no day"],
])("%s: %s is refused in the field", (field, text, problem) => {
  expect(settingsOf({ ...draftOf(DEFAULT_SETTINGS), [field]: text })).toEqual({
    settings: undefined,
    problems: { [field]: problem },
  });
});
