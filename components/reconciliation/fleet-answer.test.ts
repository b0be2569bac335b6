import { expect, test } from "vitest";
import { fleetAnswer } from "./fleet-answer.ts";
import type { Fleet } from "./reconciliation-outputs.ts";

const none: Fleet["states"] = {
  ok: 0,
  drift_explained: 0,
  drift_unexplained: 0,
  not_checked: 0,
  not_verifiable: 0,
  stale: 0,
  running: 0,
};

function fleet(states: Partial<Fleet["states"]>, rest: Partial<Fleet> = {}): Fleet {
  return {
    tables: Object.values(states).reduce((sum, count) => sum + count, 0),
    states: { ...none, ...states },
    unexplainedRows: 0,
    explainedRows: 0,
    unexplainedPercent: 0,
    freshShare: 1,
    oldest: null,
    running: 0,
    cost: { runs: 0, rowsRead: 0, bytes: 0, durationMs: 0, failed: 0 },
    alerts: [],
    ...rest,
  };
}

test.each([
  [{}, "No table is carried by a source and a sink yet, so there is nothing to compare."],
  [{ ok: 3 }, "3 of 3 tables proven equal."],
  [{ not_checked: 2, stale: 1 }, "0 of 3 tables proven equal; 3 not known."],
  [{ ok: 1, running: 1 }, "1 of 2 tables proven equal; 1 not known."],
])("what nobody knows is not called equal: %j", (states, said) => {
  expect(fleetAnswer(fleet(states))).toBe(said);
});

test("unexplained drift is said with its rows and its share", () => {
  const answer = fleetAnswer(
    fleet(
      { ok: 1, drift_unexplained: 2, drift_explained: 1 },
      { unexplainedRows: 1_204, unexplainedPercent: 0.5 },
    ),
  );
  expect(answer).toBe(
    "1 of 4 tables proven equal; 2 with drift that nothing explains (1,204 rows, 0.5 %); 1 with drift that is explained.",
  );
});
