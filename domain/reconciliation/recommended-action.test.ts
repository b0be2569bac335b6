import { expect, test } from "vitest";
import { adviseAction, adviseTable, type Findings } from "./recommended-action.ts";

const nothing: Findings = {
  missingInTarget: 0,
  missingInSource: 0,
  valueMismatch: 0,
  comparedRows: 2_400,
  causes: {},
  columns: [],
  block: undefined,
};

test.each<[string, Partial<Findings>, string]>([
  ["nothing differs", {}, "Nothing to do: every compared row is equal."],
  [
    "changed rows",
    { valueMismatch: 2, causes: { unexplained: 2 } },
    "Read the 2 rows again from the source (repair), and check them once more.",
  ],
  [
    "a row too many among changed ones",
    { valueMismatch: 2, missingInSource: 1, causes: { unexplained: 3 } },
    "Read the 2 rows again from the source (repair), and check them once more. 1 row that only the target holds goes with a repair that writes the target.",
  ],
  [
    "rows too many alone",
    { missingInSource: 3, causes: { unexplained: 3 } },
    "The target holds 3 rows the source does not have: deletes were not applied. Check delete handling at the sink, then delete them with a repair.",
  ],
])("advice on %s", (_name, found, expected) => {
  expect(adviseAction({ ...nothing, ...found })).toBe(expected);
});

test.each([
  ["not_checked", /^Check the table/],
  ["stale", /again/],
  ["not_verifiable", /^Remove what keeps it from being compared/],
  ["running", /^Wait/],
] as const)("where it is %s nobody is told that all is well", (state, expected) => {
  expect(adviseTable(state, nothing)).toMatch(expected);
  expect(adviseTable("ok", nothing)).toBe("Nothing to do: every compared row is equal.");
});
