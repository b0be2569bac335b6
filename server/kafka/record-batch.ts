import { decompressRecords } from "./decompress.ts";

/** A record as it lies in its batch; nothing is copied or decoded before it is asked for. */
export class LazyRecord {
  readonly offset: number;
  /** Milliseconds: when it was made, or appended if `appendTime`. */
  readonly timestamp: number;
  readonly appendTime: boolean;
  private readonly data: Buffer;
  private readonly keyAt: number;
  private readonly keySize: number;
  private readonly valueAt: number;
  readonly valueSize: number;
  private readonly headersAt: number;

  constructor(
    data: Buffer,
    offset: number,
    timestamp: number,
    appendTime: boolean,
    layout: { keyAt: number; keySize: number; valueAt: number; valueSize: number; headersAt: number },
  ) {
    this.data = data;
    this.offset = offset;
    this.timestamp = timestamp;
    this.appendTime = appendTime;
    this.keyAt = layout.keyAt;
    this.keySize = layout.keySize;
    this.valueAt = layout.valueAt;
    this.valueSize = layout.valueSize;
    this.headersAt = layout.headersAt;
  }

  /** `null` is Kafka's null, which is not the same as no bytes. */
  get key(): Buffer | null {
    return this.keySize < 0 ? null : this.data.subarray(this.keyAt, this.keyAt + this.keySize);
  }

  get value(): Buffer | null {
    return this.valueSize < 0 ? null : this.data.subarray(this.valueAt, this.valueAt + this.valueSize);
  }

  /** Visits headers in their order; `size` is -1 for a null value. Read them with `text` or `bytes`. */
  eachHeader(visit: (name: string, at: number, size: number) => void): void {
    const cursor = { at: this.headersAt };
    const count = readVarint(this.data, cursor);
    for (let index = 0; index < count; index += 1) {
      const nameSize = readVarint(this.data, cursor);
      const name = this.data.toString("latin1", cursor.at, cursor.at + nameSize);
      cursor.at += nameSize;
      const size = readVarint(this.data, cursor);
      visit(name, cursor.at, size);
      if (size > 0) cursor.at += size;
    }
  }

  headers(): [name: string, value: Buffer | null][] {
    const found: [string, Buffer | null][] = [];
    this.eachHeader((name, at, size) => {
      found.push([name, size < 0 ? null : this.data.subarray(at, at + size)]);
    });
    return found;
  }

  text(at: number, size: number): string {
    return this.data.toString("utf8", at, at + size);
  }

  bytes(at: number, size: number): Buffer {
    return this.data.subarray(at, at + size);
  }
}

const BATCH_HEADER = 61;
const MAGIC_AT = 16;

export interface DecodedRecords {
  records: LazyRecord[];
  /** Where to read on: also past batches that hold only control records or were compacted empty. */
  next: number;
  /** Size of the records in memory. */
  unpackedBytes: number;
  /** Offset of the first batch that could not be read, and why; what precedes it is in `records`. */
  broken?: { offset: number; reason: string };
}

/** Decodes the record batches of a fetch answer from `from` on; a batch cut off at the end is left for the next fetch. */
export function decodeRecordBatches(data: Buffer, from: number): DecodedRecords {
  const records: LazyRecord[] = [];
  let next = from;
  let unpackedBytes = 0;
  let at = 0;
  while (at + BATCH_HEADER <= data.length) {
    const base = Number(data.readBigInt64BE(at));
    const size = data.readInt32BE(at + 8);
    const end = at + 12 + size;
    if (size < BATCH_HEADER - 12 || end > data.length) break;
    const last = base + data.readInt32BE(at + 23);
    if (last >= from) {
      try {
        if (data[at + MAGIC_AT] !== 2) throw new Error("it is in the message format of Kafka before 0.11");
        unpackedBytes += readBatch(data.subarray(at, end), base, from, records);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { records, next, unpackedBytes, broken: { offset: Math.max(base, from), reason } };
      }
      next = last + 1;
    }
    at = end;
  }
  return { records, next, unpackedBytes };
}

const CONTROL = 0x20;
const APPEND_TIME = 0x08;

function readBatch(batch: Buffer, base: number, from: number, into: LazyRecord[]): number {
  const attributes = batch.readInt16BE(21);
  if (attributes & CONTROL) return 0;
  const firstTimestamp = Number(batch.readBigInt64BE(27));
  const maxTimestamp = Number(batch.readBigInt64BE(35));
  const appendTime = (attributes & APPEND_TIME) !== 0;
  const count = batch.readInt32BE(57);
  const data = decompressRecords(attributes & 0x07, batch.subarray(BATCH_HEADER));
  const cursor = { at: 0 };
  for (let index = 0; index < count; index += 1) {
    const size = readVarint(data, cursor);
    const end = cursor.at + size;
    if (size < 0 || end > data.length) throw new Error("a record reaches beyond its batch");
    cursor.at += 1;
    const timestamp = appendTime
      ? skipVarlong(data, cursor, maxTimestamp)
      : firstTimestamp + readVarlong(data, cursor);
    const offset = base + readVarint(data, cursor);
    const keySize = readVarint(data, cursor);
    const keyAt = cursor.at;
    cursor.at += Math.max(0, keySize);
    const valueSize = readVarint(data, cursor);
    const valueAt = cursor.at;
    cursor.at += Math.max(0, valueSize);
    if (offset >= from)
      into.push(
        new LazyRecord(data, offset, timestamp, appendTime, {
          keyAt,
          keySize,
          valueAt,
          valueSize,
          headersAt: cursor.at,
        }),
      );
    cursor.at = end;
  }
  return data.length;
}

interface Cursor {
  at: number;
}

function readVarint(data: Buffer, cursor: Cursor): number {
  let shift = 0;
  let value = 0;
  for (;;) {
    const byte = data[cursor.at];
    if (byte === undefined || shift > 28) throw new Error("a number in a record is malformed");
    cursor.at += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
    shift += 7;
  }
  return (value >>> 1) ^ -(value & 1);
}

/** Timestamp differences fit 53 bits; arithmetic instead of shifts keeps what lies above 32. */
function readVarlong(data: Buffer, cursor: Cursor): number {
  let scale = 1;
  let value = 0;
  for (let count = 0; ; count += 1) {
    const byte = data[cursor.at];
    if (byte === undefined || count > 9) throw new Error("a number in a record is malformed");
    cursor.at += 1;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 128;
  }
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

function skipVarlong(data: Buffer, cursor: Cursor, instead: number): number {
  readVarlong(data, cursor);
  return instead;
}
