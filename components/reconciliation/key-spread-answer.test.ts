import { expect, test } from "vitest";
import { spreadAnswer } from "./key-spread-answer.ts";

const block = (rows: number) => ({ type: "missing_in_target" as const, first: "1", last: `${rows}`, rows });

test.each([
  [4, [], "4 rows, scattered: no ten keys in a row differ, so no batch was lost as a whole."],
  [5_000, [block(5_000)], "All 5,000 rows lie in one block of keys, as after a batch that was lost."],
  [60, [block(30), block(20)], "50 of 60 rows lie in 2 blocks of keys, as after a batch that was lost."],
])("%i rows with their blocks", (rows, blocks, said) => {
  expect(spreadAnswer({ rows, blocks })).toBe(said);
});
