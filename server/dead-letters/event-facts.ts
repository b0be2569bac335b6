import { type AvroDecoder, looksFramed } from "#server/schema-registry/avro-decoder.ts";

/** What the index keeps of a change event: never the row itself. */
export interface EventFacts {
  /** c, u, d, r, t or m; null where the value is no Debezium event. */
  op: string | null;
  /** When the change was committed at the source. */
  at: Date | null;
}

const NONE: EventFacts = { op: null, at: null };
const OP = Buffer.from('"op":"');
const TS = Buffer.from('"ts_ms":');

/** A value that cannot be read says nothing; why it cannot is shown when the record is opened. */
export async function eventFacts(value: Buffer | null, avro: Decoder | undefined): Promise<EventFacts> {
  if (value === null || value.length === 0) return NONE;
  if (value[0] === 0x7b) return fromJson(value);
  if (!avro || !looksFramed(value)) return NONE;
  try {
    return fromEnvelope((await avro.decode(value)).value);
  } catch {
    return NONE;
  }
}

type Decoder = Pick<AvroDecoder, "decode">;

/** Found by their names instead of parsing: values are kilobytes, and `op` stands behind the row. */
function fromJson(value: Buffer): EventFacts {
  const at = value.lastIndexOf(OP);
  if (at < 0) return NONE;
  const op = String.fromCharCode(value[at + OP.length] ?? 0);
  if (!isOp(op) || value[at + OP.length + 1] !== 0x22) return NONE;
  const source = value.indexOf(TS);
  const digits = source < 0 ? "" : value.toString("latin1", source + TS.length, source + TS.length + 16);
  return { op, at: moment(/^\d{10,15}/.exec(digits)?.[0]) };
}

function fromEnvelope(value: unknown): EventFacts {
  if (value === null || typeof value !== "object") return NONE;
  const { op, source } = value as { op?: unknown; source?: { ts_ms?: unknown } | null };
  return typeof op === "string" && isOp(op) ? { op, at: moment(source?.ts_ms) } : NONE;
}

function isOp(op: string): boolean {
  return op.length === 1 && "cudrtm".includes(op);
}

function moment(ms: unknown): Date | null {
  const value = Number(ms);
  return Number.isSafeInteger(value) && value > 0 && value < 8e14 ? new Date(value) : null;
}
