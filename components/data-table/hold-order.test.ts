import { expect, test } from "vitest";
import { holdOrder } from "./hold-order.ts";

const row = (id: string, lag = 0) => ({ id, lag });
const idOf = ({ id }: { id: string }) => id;

test("fresh values appear in the places already shown", () => {
  const held = holdOrder([row("a", 1), row("b", 2)], [row("b", 9), row("a", 3)], idOf);

  expect(held).toEqual({ rows: [row("a", 3), row("b", 9)], gone: new Set(), moved: true });
});

test("new rows wait at the end", () => {
  const held = holdOrder([row("b")], [row("a"), row("b")], idOf);

  expect(held.rows.map(idOf)).toEqual(["b", "a"]);
  expect(held.moved).toBe(true);
});

test("rows that left stay in place, marked", () => {
  const held = holdOrder([row("a"), row("b")], [row("b")], idOf);

  expect(held.rows.map(idOf)).toEqual(["a", "b"]);
  expect(held.gone).toEqual(new Set(["a"]));
});

test("the same order moves nothing", () => {
  expect(holdOrder([row("a")], [row("a", 5)], idOf).moved).toBe(false);
});
