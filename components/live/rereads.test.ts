import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ASKS_OUTSIDE, changedBy, createRereads, EVERYTHING } from "./rereads.ts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test("the first change is read at once, a burst once more at its end", async () => {
  const read = vi.fn(async () => {});
  const rereads = createRereads(read, 1_000);

  for (let change = 0; change < 50; change += 1) rereads.ask("connectors");
  expect(read).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(5_000);

  expect(read).toHaveBeenCalledTimes(2);
});

test("a slow reading is not started again before it has arrived", async () => {
  const read = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 3_000)));
  const rereads = createRereads(read, 1_000);

  rereads.ask("connectors");
  await vi.advanceTimersByTimeAsync(1_500);
  rereads.ask("connectors");
  expect(read).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2_000);

  expect(read).toHaveBeenCalledTimes(2);
});

test("subjects do not wait for each other, and a failure does not end them", async () => {
  const read = vi.fn(() => Promise.reject(new Error("down")));
  const rereads = createRereads(read, 1_000);

  rereads.ask("connectors");
  rereads.ask("plans");
  await vi.advanceTimersByTimeAsync(1_000);
  rereads.ask("connectors");

  expect(read.mock.calls).toEqual([["connectors"], ["plans"], ["connectors"]]);
});

test("after stopping nothing is read again", async () => {
  const read = vi.fn(async () => {});
  const rereads = createRereads(read, 1_000);
  rereads.ask("connectors");
  rereads.ask("connectors");

  rereads.stop();
  await vi.advanceTimersByTimeAsync(5_000);

  expect(read).toHaveBeenCalledTimes(1);
});

test("a change makes what is read from the store old, and what dials outside only when asked", () => {
  const queries = new QueryClient();
  const cache = queries.getQueryCache();
  cache.build(queries, { queryKey: [["connectors", "list"], { type: "query" }] });
  cache.build(queries, { queryKey: [["connectors", "validate"], {}], meta: ASKS_OUTSIDE });
  cache.build(queries, { queryKey: [["plans", "list"]] });
  const found = (subject: string) => cache.findAll(changedBy(subject)).map(({ queryKey }) => queryKey[0]);

  expect(found("connectors")).toEqual([["connectors", "list"]]);
  expect(found(EVERYTHING)).toEqual([
    ["connectors", "list"],
    ["plans", "list"],
  ]);
});
