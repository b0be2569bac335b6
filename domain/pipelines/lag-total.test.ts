import { expect, test } from "vitest";
import { lagTotal } from "./lag-total.ts";

const sinks = ["w"];

test("a total says of how many tables nothing is known", () => {
  const measured = { topicExists: true, lagEvents: 0, sinks };
  expect(lagTotal([measured, { topicExists: true, lagEvents: null, sinks }])).toEqual({
    lagEvents: 0,
    lagUnknown: 1,
  });
  expect(lagTotal([measured, { ...measured, lagEvents: 4 }])).toEqual({ lagEvents: 4, lagUnknown: 0 });
});

test("tables without a topic or without a sink have no lag to know", () => {
  expect(
    lagTotal([
      { topicExists: false, lagEvents: null, sinks },
      { topicExists: true, lagEvents: null, sinks: [] },
    ]),
  ).toEqual({ lagEvents: null, lagUnknown: 0 });
});
