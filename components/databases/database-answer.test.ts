import { expect, test } from "vitest";
import { listAnswer } from "./database-answer.ts";
import type { ConnectionTest, DatabaseListRow } from "./database-outputs.ts";

const passed: ConnectionTest = {
  ok: true,
  sentence: "Connected",
  serverVersion: "18",
  latencyMs: 1,
  isStandby: false,
  role: {
    superuser: false,
    replication: false,
    createsRoles: false,
    createsDatabases: false,
    bypassesRowSecurity: false,
    writableTables: 0,
    readableTables: 1,
  },
  remarks: [],
  testedAt: new Date(0),
};
const failed: ConnectionTest = {
  ok: false,
  problem: "refused",
  sentence: "",
  fix: "",
  testedAt: new Date(0),
};
const row = (over: Partial<Pick<DatabaseListRow, "lastTest" | "references">> = {}) => ({
  lastTest: passed,
  references: "ok" as const,
  ...over,
});

test.each([
  ["nothing", [], "No database is registered yet."],
  ["all well", [row(), row()], "All 2 databases connected when last tested."],
  [
    "one unreachable",
    [row(), row({ lastTest: failed })],
    "1 of 2 databases did not connect when last tested.",
  ],
  ["never tested is not called well", [row({ lastTest: undefined })], "1 database was never tested."],
  [
    "a bad credential",
    [row({ references: "problem" }), row({ references: "problem" })],
    "2 databases have a credential that does not work.",
  ],
] as const)("%s", (_case, rows, answer) => {
  expect(listAnswer(rows)).toBe(answer);
});
