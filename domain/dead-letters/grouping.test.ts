import fc from "fast-check";
import { expect, test } from "vitest";
import { groupingOf, groupingText, tableOfTopic } from "./grouping.ts";
import { keptMessage, quarantineReason } from "./quarantine-reason.ts";

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

const quarantined = (error: string, reason: string, offset = 5) => ({
  message: `Quarantined by Headgate: shop.public.customers-1@${offset}: ${quarantineReason({ error, reason })}`,
});
const CHECK = 'ERROR: new row for relation "customers" violates check constraint "no_bad"';

test("what a person said about a quarantine splits no group, and the error the record had does", () => {
  const failing = `${CHECK} Detail: Failing row contains (…).`;

  expect(fingerprint(quarantined(failing, "a customer called", 7))).toBe(fingerprint(quarantined(CHECK, "")));
  expect(fingerprint(quarantined(CHECK, "the sink stopped with: x; ask Olga"))).toBe(
    fingerprint(quarantined(CHECK, "")),
  );
  expect(fingerprint(quarantined(CHECK.replace("no_bad", "no_old"), ""))).not.toBe(
    fingerprint(quarantined(CHECK, "")),
  );
  expect(groupingOf({ ...facts, ...quarantined(CHECK, "a customer called") })).toMatchObject({
    message: `Quarantined by Headgate: ${CHECK}`,
  });
});

test("a reason written by hand beside a list is no error", () => {
  expect(fingerprint({ message: "Quarantined by Headgate: shop.public.customers-1@9: other words" })).toBe(
    fingerprint({}),
  );
});

test("the record itself keeps what was said about it word for word, although rows are taken out of its error", () => {
  const { message } = quarantined(
    "ERROR: a row Failing row contains (1, x)",
    'Olga at 00:53, "ticket" WH-4711',
  );

  expect(keptMessage(message)).toContain('@5: Olga at 00:53, "ticket" WH-4711; the sink stopped with: ERROR');
  expect(keptMessage(message)).not.toContain("x)");
  expect(keptMessage("ERROR: a row Failing row contains (1, x)")).not.toContain("x)");
});

test("any text can be a message", () => {
  // Also half a surrogate pair. fast-check's own unit "binary" takes seconds to prepare.
  const unit = fc.nat(0xffff).map((code) => String.fromCharCode(code));

  fc.assert(fc.property(fc.string({ unit }), (message) => fingerprint({ message }).length > 0));
});

test.each([
  ["shop.public.orders", "public.orders"],
  ["eu.shop.public.orders", "public.orders"],
  ["orders", "orders"],
  ["shop.orders", "shop.orders"],
])("%s is about %s", (topic, table) => {
  expect(tableOfTopic(topic)).toBe(table);
});
