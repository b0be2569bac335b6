import { expect, test } from "vitest";
import { reportAnswer } from "./report-answer.ts";

const summary = {
  total_tables: 3,
  tables_ok: 3,
  tables_with_discrepancies: 0,
  tables_not_verified: 0,
  total_discrepancies: 0,
};

test.each([
  [{}, "3 of 3 tables were equal."],
  [
    { tables_ok: 1, tables_with_discrepancies: 1, tables_not_verified: 1, total_discrepancies: 1_204 },
    "1 of 3 tables was equal; 1 with 1,204 differing rows; 1 not verified.",
  ],
  [{ tables_ok: 0, tables_not_verified: 3 }, "0 of 3 tables were equal; 3 not verified."],
])("a report in a sentence", (given, said) => {
  expect(reportAnswer({ summary: { ...summary, ...given } })).toBe(said);
});
