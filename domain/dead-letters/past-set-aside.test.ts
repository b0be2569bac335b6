import { expect, test } from "vitest";
import { pastSetAside, shortQueues } from "./past-set-aside.ts";

const offsets = (next: number) => new Map([["t", new Map([[0, next]])]]);

test("what waits is what lies between the commit and the end", () => {
  expect(shortQueues(offsets(5), offsets(7))).toEqual([{ topic: "t", partition: 0, next: 5, end: 7 }]);
  expect(shortQueues(offsets(7), offsets(7))).toEqual([]);
});

test("a long queue is lag, and a group that never committed is not judged", () => {
  expect(shortQueues(offsets(0), offsets(1_001))).toEqual([]);
  expect(shortQueues(new Map(), offsets(1))).toEqual([]);
});

test("a sink is past its dead letters, and not past a record behind them", () => {
  expect(pastSetAside(5, new Set([5, 6, 8]))).toBe(7);
  expect(pastSetAside(5, new Set([6]))).toBe(5);
});
