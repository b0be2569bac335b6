import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { compressFrameSync } from "lz4-napi";
import { compressSync } from "snappy";
import { expect, test } from "vitest";
import { decodeRecordBatches } from "./record-batch.ts";

interface Given {
  key: Buffer | null;
  value: Buffer | null;
  headers: [string, Buffer | null][];
}

const record: Given = {
  key: Buffer.from("k"),
  value: Buffer.from("value"),
  headers: [
    ["a", Buffer.from("1")],
    ["a", null],
    ["ü", Buffer.alloc(0)],
  ],
};

const compressors = [
  (data: Buffer) => data,
  (data: Buffer) => gzipSync(data),
  (data: Buffer) => compressSync(data),
  (data: Buffer) => compressFrameSync(data),
  (data: Buffer) => zstdCompressSync(data),
];

test.each([0, 1, 2, 3, 4])("reads records with compression %i", (codec) => {
  const { records, next } = decodeRecordBatches(batch(100, [record, record], codec), 100);

  expect(next).toBe(102);
  expect(records.map((found) => found.offset)).toEqual([100, 101]);
  expect(records[1]).toMatchObject({ timestamp: 1_700_000_000_001, key: record.key, value: record.value });
  expect(records[0]?.headers().map(([, value]) => value)).toEqual(record.headers.map(([, value]) => value));
});

test("snappy in Xerial's blocks, as Java writes it", () => {
  const blocks = (data: Buffer) => {
    const block = compressSync(data);
    const size = Buffer.alloc(4);
    size.writeInt32BE(block.length);
    return Buffer.concat([
      Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1]),
      size,
      block,
    ]);
  };

  expect(decodeRecordBatches(batch(0, [record], 2, blocks), 0).records[0]?.value).toEqual(record.value);
});

test("null is null and nothing is nothing", () => {
  const { records } = decodeRecordBatches(
    batch(0, [
      { key: null, value: null, headers: [] },
      { key: Buffer.alloc(0), value: Buffer.alloc(0), headers: [] },
    ]),
    0,
  );

  expect(records.map(({ key, value }) => [key, value])).toEqual([
    [null, null],
    [Buffer.alloc(0), Buffer.alloc(0)],
  ]);
});

test("records before the wanted offset and a batch cut off at the end are left out", () => {
  const whole = batch(0, [record, record, record]);
  const cut = batch(3, [record]).subarray(0, -1);

  expect(decodeRecordBatches(Buffer.concat([whole, cut]), 1)).toMatchObject({
    records: [{ offset: 1 }, { offset: 2 }],
    next: 3,
  });
});

test("a batch that cannot be read is named, and what precedes it is kept", () => {
  const rotten = batch(1, [record], 3);
  rotten.fill(0xff, 61);

  expect(decodeRecordBatches(Buffer.concat([batch(0, [record]), rotten]), 0)).toMatchObject({
    records: [{ offset: 0 }],
    next: 1,
    broken: { offset: 1 },
  });
});

test("any bytes in any number come back as they were", () => {
  const bytes = fc.option(fc.uint8Array({ maxLength: 300 }).map((data) => Buffer.from(data)));
  const given = fc.record({
    key: bytes,
    value: bytes,
    headers: fc.array(fc.tuple(fc.constantFrom("x", "y"), bytes), { maxLength: 4 }),
  });
  fc.assert(
    fc.property(
      fc.array(given, { minLength: 1, maxLength: 20 }),
      fc.constantFrom(0, 1, 2, 3, 4),
      (records, codec) => {
        const found = decodeRecordBatches(batch(7, records, codec), 7).records;

        expect(found.map((one) => ({ key: one.key, value: one.value, headers: one.headers() }))).toEqual(
          records,
        );
      },
    ),
  );
});

function batch(
  base: number,
  records: Given[],
  codec = 0,
  compress = compressors[codec] ?? ((data: Buffer) => data),
): Buffer {
  const body = compress(
    Buffer.concat(
      records.map(({ key, value, headers }, index) => {
        const inner = Buffer.concat([
          Buffer.from([0]),
          varint(index),
          varint(index),
          sized(key),
          sized(value),
          varint(headers.length),
          ...headers.flatMap(([name, content]) => [sized(Buffer.from(name)), sized(content)]),
        ]);
        return Buffer.concat([varint(inner.length), inner]);
      }),
    ),
  );
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(base), 0);
  head.writeInt32BE(49 + body.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(codec, 21);
  head.writeInt32BE(records.length - 1, 23);
  head.writeBigInt64BE(1_700_000_000_000n, 27);
  head.writeBigInt64BE(1_700_000_000_000n, 35);
  head.writeInt32BE(records.length, 57);
  return Buffer.concat([head, body]);
}

function sized(data: Buffer | null): Buffer {
  return data === null ? varint(-1) : Buffer.concat([varint(data.length), data]);
}

function varint(value: number): Buffer {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  const bytes: number[] = [];
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  return Buffer.from([...bytes, rest]);
}
