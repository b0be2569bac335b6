import fc from "fast-check";
import { expect, test } from "vitest";
import { groupingOf, groupingText, tableOfTopic } from "./grouping.ts";

const facts = {
  stage: "TRANSFORMATION",
  connector: "warehouse-sink",
  topic: "shop.public.customers",
  exception: "org.apache.kafka.connect.errors.DataException",
  message: "Quarantined by Headgate: shop.public.customers-1@5: bad row",
  chain: [],
} as const;

const fingerprint = (over: Partial<Parameters<typeof groupingOf>[0]>) =>
  groupingText(groupingOf({ ...facts, ...over }));

test.each([
  ["another stage", { stage: "VALUE_CONVERTER" }],
  ["another connector", { connector: "other" }],
  ["another table", { topic: "shop.public.orders" }],
  ["another exception", { exception: "java.lang.NullPointerException" }],
  ["another cause in words", { message: "Unknown magic byte!" }],
] as const)("%s is another group", (_case, over) => {
  expect(fingerprint(over)).not.toBe(fingerprint({}));
});

test("a wrapper more around the cause changes nothing", () => {
  const chain = [{ exception: "a.B", message: "boom" }];

  expect(
    fingerprint({
      chain: [
        { exception: "org.apache.kafka.connect.errors.ConnectException", message: "Tolerance exceeded" },
        ...chain,
      ],
    }),
  ).toBe(fingerprint({ chain }));
});

test("numbers in a message never split a group", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (a, b) => {
      expect(fingerprint({ message: `row ${a} is bad` })).toBe(fingerprint({ message: `row ${b} is bad` }));
    }),
  );
});

test("any text can be a message", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (message) => fingerprint({ message }).length > 0));
});

test.each([
  ["shop.public.orders", "public.orders"],
  ["eu.shop.public.orders", "public.orders"],
  ["orders", "orders"],
  ["shop.orders", "shop.orders"],
])("%s is about %s", (topic, table) => {
  expect(tableOfTopic(topic)).toBe(table);
});
