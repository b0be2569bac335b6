import fc from "fast-check";
import { expect, test } from "vitest";
import { avroType, plainAvroType } from "./avro-types.ts";
import { editAvro } from "./edit-avro.ts";

const schema = JSON.stringify({
  type: "record",
  name: "Envelope",
  namespace: "shop",
  fields: [
    {
      name: "before",
      type: [
        "null",
        {
          type: "record",
          name: "Value",
          fields: [
            { name: "id", type: "long" },
            { name: "name", type: ["null", "string"], default: null },
            {
              name: "price",
              type: {
                type: "bytes",
                scale: 2,
                precision: 10,
                logicalType: "decimal",
                "connect.name": "org.apache.kafka.connect.data.Decimal",
                "connect.parameters": { scale: "2" },
              },
            },
            { name: "at", type: { type: "long", "connect.name": "io.debezium.time.MicroTimestamp" } },
            { name: "day", type: ["null", { type: "int", "connect.name": "io.debezium.time.Date" }] },
            { name: "tags", type: { type: "array", items: "string" } },
          ],
        },
      ],
      default: null,
    },
    { name: "after", type: ["null", "Value"], default: null },
    { name: "op", type: "string" },
  ],
});
const row = {
  id: 9_007_199_254_740_993n,
  name: "old",
  price: Buffer.from("04d2", "hex"),
  at: 1_700_000_000_123_456,
  day: 19_000,
  tags: ["a"],
};
const body = plainAvroType(schema).toBuffer({ before: null, after: row, op: "u" });
const show = (bytes: Buffer) =>
  JSON.parse(
    JSON.stringify(avroType(schema).fromBuffer(bytes), (_key, value) =>
      typeof value === "bigint" ? String(value) : value,
    ),
  ) as { before: null; after: Record<string, unknown>; op: string };
const shown = show(body);

test("what is not changed stays as it is to the last byte", () => {
  expect(editAvro(schema, [], body, { shown, edited: structuredClone(shown) }).equals(body)).toBe(true);
});

test("any edit that fits the schema reads back as it was written", () => {
  const moment = fc
    .date({ min: new Date("1800-01-01"), max: new Date("2200-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString());
  fc.assert(
    fc.property(
      fc.record(
        {
          id: fc.bigInt({ min: 10n ** 16n, max: 10n ** 18n }).map(String),
          name: fc.option(fc.string()),
          price: fc
            .tuple(fc.integer({ min: -999_999, max: 999_999 }), fc.integer({ min: 10, max: 99 }))
            .map(([whole, cents]) => `${whole}.${cents}`),
          at: moment.map((iso) => iso.replace("Z", "000Z")),
          day: fc.option(moment.map((iso) => iso.slice(0, 10))),
          tags: fc.array(fc.string()),
        },
        { requiredKeys: [] },
      ),
      (changes) => {
        const edited = { ...shown, after: { ...shown.after, ...changes } };
        expect(show(editAvro(schema, [], body, { shown, edited }))).toEqual(edited);
      },
    ),
  );
});

test.each([
  { change: { id: "x" }, path: "after.id" },
  { change: { price: "1.234" }, path: "after.price" },
  { change: { at: "yesterday" }, path: "after.at" },
  { change: { extra: 1 }, path: "after.extra" },
  { change: { tags: null }, path: "after.tags" },
])("$change is refused at $path", ({ change, path }) => {
  expect(() =>
    editAvro(schema, [], body, { shown, edited: { ...shown, after: { ...shown.after, ...change } } }),
  ).toThrow(expect.objectContaining({ problems: [expect.objectContaining({ path })] }));
});
