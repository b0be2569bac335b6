import { expect, test } from "vitest";
import { attribute, type DifferingRow, type PipelineFacts } from "./attribution.ts";

const seen = new Date("2026-11-21T12:00:00Z");
const row = (over: Partial<DifferingRow> = {}): DifferingRow => ({
  type: "value_mismatch",
  columns: ["name"],
  reason: "different",
  firstSeen: seen,
  ...over,
});
const facts = (over: Partial<PipelineFacts> = {}): PipelineFacts => ({
  deadLetter: undefined,
  sink: { name: "sink", health: "healthy", since: new Date("2026-11-21T10:00:00Z") },
  heldColumns: undefined,
  excluded: [],
  configured: [],
  ...over,
});
const paused = (since: string) => ({ name: "sink", health: "paused" as const, since: new Date(since) });

test.each([
  ["a dead letter of the row", row(), facts({ deadLetter: { id: 7 } }), "dead_letter"],
  [
    "a column the target waits for",
    row({ columns: ["discount"] }),
    facts({ heldColumns: ["discount"] }),
    "held_schema_change",
  ],
  [
    "a missing row behind a held change",
    row({ type: "missing_in_target", columns: [], reason: null }),
    facts({ heldColumns: ["discount"] }),
    "held_schema_change",
  ],
  ["another column than the held one", row(), facts({ heldColumns: ["discount"] }), "unexplained"],
  [
    "a difference since the sink was paused",
    row(),
    facts({ sink: paused("2026-11-21T11:00:00Z") }),
    "sink_paused",
  ],
  [
    "a difference older than the pause",
    row(),
    facts({ sink: paused("2026-11-21T13:00:00Z") }),
    "unexplained",
  ],
  [
    "only an excluded column",
    row(),
    facts({ excluded: [{ column: "name", because: "chosen" }] }),
    "excluded_column",
  ],
  [
    "only a column of the profile",
    row(),
    facts({ excluded: [{ column: "name", because: "profile" }] }),
    "profile",
  ],
  [
    "an excluded column and another",
    row({ columns: ["name", "price"] }),
    facts({ excluded: [{ column: "name", because: "chosen" }] }),
    "unexplained",
  ],
  [
    "a masked column",
    row(),
    facts({ configured: [{ column: "name", connector: "s", effect: "masked" }] }),
    "excluded_column",
  ],
  [
    "a column the connector cuts",
    row(),
    facts({ configured: [{ column: "name", connector: "s", effect: "cut", length: 5 }] }),
    "truncation",
  ],
  ["a cut value", row({ reason: "truncated" }), facts(), "truncation"],
  ["written differently", row({ reason: "json_meaning" }), facts(), "representation"],
  ["upper case says something else", row({ reason: "case" }), facts(), "unexplained"],
  ["nothing known", row(), facts(), "unexplained"],
  [
    "a missing row and nothing known",
    row({ type: "missing_in_target", columns: [], reason: null }),
    facts({ excluded: [{ column: "name", because: "chosen" }] }),
    "unexplained",
  ],
] as const)("%s", (_situation, differing, known, cause) => {
  expect(attribute(differing, known).cause).toBe(cause);
});
