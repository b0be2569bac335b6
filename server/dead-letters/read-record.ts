import { hash } from "node:crypto";
import {
  ERROR_HEADER_PREFIX,
  type ErrorHeader,
  type Failure,
  lastFailure,
  readFailures,
  TRACE_HEADER,
} from "#domain/dead-letters/error-headers.ts";
import type { TraceText } from "#domain/dead-letters/exception-chain.ts";
import { REPLAY_HEADERS } from "#domain/dead-letters/replay-headers.ts";
import type { LazyRecord } from "#server/kafka/record-batch.ts";
import { TraceBytes } from "./trace-bytes.ts";

/** A record of a dead-letter topic, as far as the index needs it. */
export interface ReadRecord {
  offset: number;
  failure: Failure;
  /** Failures before the last one, told by headers that another tool left on a record it sent again. */
  earlierFailures: number;
  key: Buffer | null;
  /** 64 bits that tell this row from others of its topic; undefined without a key. */
  keyHash: { high: number; low: number; text: string } | undefined;
  valueSize: number;
  timestamp: number;
  appendTime: boolean;
  /** Set on a record that Headgate sent again and that failed again. */
  replay: { id: string; position: number } | undefined;
  /** GUID of the key's schema, where serialisers put it into a header. */
  keySchemaGuid: Buffer | undefined;
}

export const KEY_SCHEMA_HEADER = "__key_schema_id";
/** Longer traces are cut here: what tells failures apart is at the beginning of each cause. */
const TRACE_LIMIT = 256 * 1024;

export function readRecord(record: LazyRecord): ReadRecord {
  const errors: ErrorHeader[] = [];
  let replayId: string | undefined;
  let replayPosition: string | undefined;
  let keySchemaGuid: Buffer | undefined;
  let trace: TraceText | undefined;
  record.eachHeader((name, at, size) => {
    if (name === TRACE_HEADER) {
      trace = size < 0 ? undefined : new TraceBytes(record.bytes(at, Math.min(size, TRACE_LIMIT)));
      errors.push([name, size < 0 ? null : ""]);
    } else if (name.startsWith(ERROR_HEADER_PREFIX))
      errors.push([name, size < 0 ? null : record.text(at, Math.min(size, TRACE_LIMIT))]);
    else if (name === REPLAY_HEADERS.id) replayId = record.text(at, Math.max(0, size));
    else if (name === REPLAY_HEADERS.position) replayPosition = record.text(at, Math.max(0, size));
    else if (name === KEY_SCHEMA_HEADER && size === 17) keySchemaGuid = record.bytes(at + 1, 16);
  });
  const failures = readFailures(errors);
  const failure = lastFailure(failures);
  // In whatever order the headers came, the last trace is the last failure's, if that has one.
  if (failure.trace !== undefined) failure.trace = trace;
  const key = record.key;
  return {
    offset: record.offset,
    failure,
    earlierFailures: Math.max(0, failures.length - 1),
    key,
    keyHash: key === null ? undefined : hashKey(failure.original?.topic, key),
    valueSize: record.valueSize,
    timestamp: record.timestamp,
    appendTime: record.appendTime,
    replay: sendingOf(replayId, replayPosition),
    keySchemaGuid,
  };
}

/** The same bytes in two topics are two rows, so the topic is part of it. */
export function hashKey(topic: string | undefined, key: Buffer): { high: number; low: number; text: string } {
  const digest = hash("sha1", key, "buffer");
  const salt = topicSalt(topic ?? "");
  const high = digest.readUInt32BE(0) ^ salt.high;
  const low = digest.readUInt32BE(4) ^ salt.low;
  return {
    high: high >>> 0,
    low: low >>> 0,
    text: ((BigInt(high | 0) << 32n) | BigInt(low >>> 0)).toString(),
  };
}

const salts = new Map<string, { high: number; low: number }>();

function topicSalt(topic: string): { high: number; low: number } {
  const known = salts.get(topic);
  if (known) return known;
  if (salts.size > 10_000) salts.clear();
  const digest = hash("sha1", topic, "buffer");
  const salt = { high: digest.readInt32BE(0), low: digest.readInt32BE(4) };
  salts.set(topic, salt);
  return salt;
}

/** Which sending of which replay a record is, by the headers that Headgate adds. */
export function replayOf(record: LazyRecord): { replayId: string; position: number } | undefined {
  let [id, position]: (string | undefined)[] = [];
  record.eachHeader((name, at, size) => {
    if (name === REPLAY_HEADERS.id) id = record.text(at, Math.max(0, size));
    else if (name === REPLAY_HEADERS.position) position = record.text(at, Math.max(0, size));
  });
  const found = sendingOf(id, position);
  return found && { replayId: found.id, position: found.position };
}

function sendingOf(id: string | undefined, position: string | undefined): ReadRecord["replay"] {
  if (!id || !/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)) return undefined;
  if (!position || !/^\d{1,9}$/.test(position)) return undefined;
  return { id, position: Number(position) };
}
