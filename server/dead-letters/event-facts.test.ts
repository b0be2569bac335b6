import { expect, test } from "vitest";
import { eventFacts } from "./event-facts.ts";

const envelope = {
  before: null,
  after: { id: 1, note: '"op":"d"' },
  source: { ts_ms: 1_700_000_000_123, table: "orders" },
  op: "u",
  ts_ms: 1_700_000_000_999,
};

test.each([
  ["an event", JSON.stringify(envelope)],
  [
    "an event with its schema",
    JSON.stringify({ schema: { fields: [{ field: "op" }, { field: "ts_ms" }] }, payload: envelope }),
  ],
])("%s in JSON tells its kind and when it was committed", async (_case, json) => {
  expect(await eventFacts(Buffer.from(json), undefined)).toEqual({
    op: "u",
    at: new Date(1_700_000_000_123),
  });
});

test.each([
  ["a tombstone", null],
  ["nothing", Buffer.alloc(0)],
  ["a row without envelope", Buffer.from('{"id":1}')],
  ["half an event", Buffer.from('{"op":"')],
  ["no known kind", Buffer.from('{"op":"x","ts_ms":1}')],
  ["Avro without a registry", Buffer.from([0, 0, 0, 0, 1, 2])],
])("%s tells nothing", async (_case, value) => {
  expect(await eventFacts(value, undefined)).toEqual({ op: null, at: null });
});

test("Avro is read through the registry, and a registry that fails costs only these facts", async () => {
  const framed = Buffer.from([0, 0, 0, 0, 1, 2]);

  expect(await eventFacts(framed, { decode: async () => ({ schemaId: 1, value: envelope }) })).toMatchObject({
    op: "u",
  });
  expect(await eventFacts(framed, { decode: () => Promise.reject(new Error("down")) })).toEqual({
    op: null,
    at: null,
  });
});
