import { expect, test } from "vitest";
import { avroType } from "./avro-types.ts";

const long = (connectName: string) => JSON.stringify({ type: "long", "connect.name": connectName });

function zigzag(value: bigint): Buffer {
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return Buffer.from([...bytes, Number(rest)]);
}

test.each([
  ["a small long is a number", '"long"', 42n, 42],
  ["a long beyond 2^53 keeps its digits", '"long"', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
  ["a negative long", '"long"', -5n, -5],
  [
    "microseconds",
    long("io.debezium.time.MicroTimestamp"),
    1_700_000_000_123_456n,
    "2023-11-14T22:13:20.123456Z",
  ],
  ["before 1970", long("io.debezium.time.Timestamp"), -1n, "1969-12-31T23:59:59.999Z"],
  ["nanoseconds", long("io.debezium.time.NanoTimestamp"), 1_000_000_001n, "1970-01-01T00:00:01.000000001Z"],
  ["a time of day", long("io.debezium.time.MicroTime"), 3_661_000_001n, "01:01:01.000001"],
  ["a day", JSON.stringify({ type: "int", "connect.name": "io.debezium.time.Date" }), 19_675n, "2023-11-14"],
] as const)("%s", (_case, schema, encoded, expected) => {
  expect(avroType(schema).fromBuffer(zigzag(encoded))).toEqual(expected);
});

test.each([
  ["12.34", 2, "04d2"],
  ["-0.05", 2, "fb"],
  ["1200", -2, "0c"],
  ["0", 0, "00"],
])("a decimal %s with scale %i", (expected, scale, hex) => {
  const schema = {
    type: "bytes",
    logicalType: "decimal",
    precision: 10,
    scale,
    "connect.name": "org.apache.kafka.connect.data.Decimal",
  };
  const bytes = Buffer.from(hex, "hex");

  const value = avroType(JSON.stringify(schema)).fromBuffer(
    Buffer.concat([zigzag(BigInt(bytes.length)), bytes]),
  );

  expect(value).toBe(expected);
});

test("an optional field with Connect's default of the wrong branch is read", () => {
  const schema = {
    type: "record",
    name: "Value",
    fields: [{ name: "id", type: ["null", "string"], default: "x" }],
  };

  const value = avroType(JSON.stringify(schema)).fromBuffer(Buffer.from([2, 2, 97]));

  expect({ ...(value as object) }).toEqual({ id: "a" });
});
