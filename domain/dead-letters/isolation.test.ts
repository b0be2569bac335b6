import { expect, test } from "vitest";
import { isolatedName, isolationOf, sameOffsets } from "./isolation.ts";
import { QUARANTINE_CLASS } from "./quarantine-list.ts";

const config = {
  "connector.class": "x",
  topics: "shop.public.orders, shop.public.customers",
  transforms: "quarantine,route",
  "transforms.quarantine.type": QUARANTINE_CLASS,
  "transforms.quarantine.records": "shop.public.orders-0@5",
  "transforms.route.type": "y",
};

test("the topic moves with its quarantine entries, everything else is in both", () => {
  const { rest, own } = isolationOf("sink", config, "shop.public.orders");

  expect(own).toEqual({ ...config, topics: "shop.public.orders" });
  expect(rest).toEqual({
    "connector.class": "x",
    topics: "shop.public.customers",
    transforms: "route",
    "transforms.route.type": "y",
  });
});

test.each([
  [{ "topics.regex": "shop.*" }, "a", /topics\.regex/],
  [{ topics: "a" }, "a", /isolated already/],
  [{ topics: "a,b" }, "c", /does not read c/],
  [{ topics: "a,b", "consumer.override.group.id": "g" }, "a", /consumer group/],
])("%j cannot be divided by %s", (over, topic, message) => {
  expect(() => isolationOf("sink", over, topic)).toThrow(message);
});

test("the second sink's name says which table it has", () => {
  expect(isolatedName("warehouse", "shop.public.order items")).toBe("warehouse-order-items");
});

test.each([
  [[[0, 5]], [[0, 5]], true],
  [[[0, 5]], [[0, 6]], false],
  [
    [
      [0, 5],
      [1, 2],
    ],
    [[0, 5]],
    false,
  ],
  [[], [], true],
] as [number, number][][][] as unknown as [[number, number][], [number, number][], boolean][])(
  "%j against %j: %s",
  (first, second, same) => {
    expect(sameOffsets(new Map(first), new Map(second))).toBe(same);
  },
);
