import { expect, test } from "vitest";
import { summaryAnswer } from "./summary-answer.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const quiet = {
  open: 0,
  keys: 0,
  tables: 0,
  groups: { open: 0, muted: 0, resolved: 0, regressed: 0 },
  oldest: null,
  systemic: [],
  topics: { total: 2, unreadable: [] },
};

test("no topic, and nothing open, are two different answers", () => {
  expect(summaryAnswer({ ...quiet, topics: { total: 0, unreadable: [] } }, now)).toContain(
    "No dead-letter topic has been found",
  );
  expect(summaryAnswer(quiet, now)).toBe("Nothing waits for a repair.");
});

test("what waits is counted, with the time that is left", () => {
  const answer = summaryAnswer(
    {
      ...quiet,
      open: 1_204,
      keys: 300,
      tables: 2,
      groups: { ...quiet.groups, open: 2, regressed: 1 },
      oldest: {
        failedAt: new Date("2026-11-21T08:00:00Z"),
        expiresAt: new Date("2026-11-23T16:00:00Z"),
      },
    },
    now,
  );

  expect(answer).toBe(
    "1,204 records of about 300 rows in 2 tables wait for a repair, from 3 causes. The oldest failed 4 h ago; Kafka keeps its bytes for another 2 d 4 h.",
  );
});

test("one record is told in the singular, and expired bytes are told", () => {
  const answer = summaryAnswer(
    {
      ...quiet,
      open: 1,
      keys: 1,
      tables: 1,
      groups: { ...quiet.groups, open: 1 },
      oldest: { failedAt: new Date(now - 500), expiresAt: new Date(now - 1) },
    },
    now,
  );

  expect(answer).toBe(
    "1 record of about 1 row in one table waits for a repair, from 1 cause. The oldest failed just now; Kafka may have removed its bytes already.",
  );
});
