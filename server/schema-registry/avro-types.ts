import avro, { type Schema, type Type } from "avsc";

/** avsc refuses longs beyond 2^53; log positions, ids and microseconds may be larger. They become bigint, the rest number. */
const longType = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => safeNumber(buffer.readBigInt64LE()),
  toBuffer: (value: number | bigint) => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64LE(BigInt(value));
    return buffer;
  },
  fromJSON: (value: unknown) => value,
  toJSON: (value: unknown) => String(value),
  isValid: (value: unknown) => typeof value === "bigint" || Number.isInteger(value),
  compare: (a: bigint, b: bigint) => (a === b ? 0 : a < b ? -1 : 1),
});

function safeNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * A long with attributes (`{type: "long", "connect.name": …}`) is made by avsc itself, whatever is registered as `long`. A
 * logical type asks once for itself and once more, with the same schema, for what lies under it.
 */
function longHook() {
  const asked = new WeakSet<object>();
  return (schema: unknown): Type | undefined => {
    if (schema === null || typeof schema !== "object" || Array.isArray(schema)) return undefined;
    const { type, logicalType } = schema as { type?: unknown; logicalType?: unknown };
    if (type !== "long") return undefined;
    if (logicalType !== LOGICAL || asked.has(schema)) return longType;
    asked.add(schema);
    return undefined;
  };
}

type Read = (value: unknown, attributes: Record<string, unknown>) => unknown;

const isoFrom =
  (perMilli: number): Read =>
  (value) => {
    // Sub-millisecond digits are kept: two events within one millisecond must not look equal.
    const units = BigInt(value as number | bigint);
    const perSecond = BigInt(perMilli * 1000);
    const second = units / perSecond - (units % perSecond < 0n ? 1n : 0n);
    const fraction = units - second * perSecond;
    const date = new Date(Number(second) * 1000);
    if (Number.isNaN(date.getTime())) return value;
    const digits = String(perMilli * 1000).length - 1;
    return `${date.toISOString().slice(0, 19)}.${String(fraction).padStart(digits, "0")}Z`;
  };

const clockFrom =
  (perMilli: number): Read =>
  (value) => {
    const iso = isoFrom(perMilli)(value, {});
    return typeof iso === "string" ? iso.slice(11, -1) : value;
  };

const day: Read = (value) => {
  const date = new Date(Number(value) * 86_400_000);
  return Number.isNaN(date.getTime()) ? value : date.toISOString().slice(0, 10);
};

const decimal: Read = (value, attributes) => {
  const parameters = (attributes["connect.parameters"] ?? {}) as { scale?: string };
  const scale = Number(attributes.scale ?? parameters.scale ?? 0);
  return Buffer.isBuffer(value) ? decimalText(unscaled(value), scale) : value;
};

const variableDecimal: Read = (value) => {
  const { scale, value: bytes } = value as { scale: number; value: Buffer };
  return decimalText(unscaled(bytes), scale);
};

/** Connect's and Debezium's own meanings of plain Avro types, by the name in `connect.name`. */
const SEMANTIC: Record<string, Read> = {
  "org.apache.kafka.connect.data.Decimal": decimal,
  "org.apache.kafka.connect.data.Date": day,
  "org.apache.kafka.connect.data.Time": clockFrom(1),
  "org.apache.kafka.connect.data.Timestamp": isoFrom(1),
  "io.debezium.time.Date": day,
  "io.debezium.time.Time": clockFrom(1),
  "io.debezium.time.MicroTime": clockFrom(1_000),
  "io.debezium.time.NanoTime": clockFrom(1_000_000),
  "io.debezium.time.Timestamp": isoFrom(1),
  "io.debezium.time.MicroTimestamp": isoFrom(1_000),
  "io.debezium.time.NanoTimestamp": isoFrom(1_000_000),
  "io.debezium.data.VariableScaleDecimal": variableDecimal,
};

const LOGICAL = "headgate-semantic";

class SemanticType extends avro.types.LogicalType {
  readonly #read: Read;
  readonly #attributes: Record<string, unknown>;

  constructor(attributes: Schema, options: object) {
    super(attributes, options);
    this.#attributes = attributes as unknown as Record<string, unknown>;
    this.#read = SEMANTIC[String(this.#attributes["connect.name"])] ?? ((value) => value);
  }

  override _fromValue(value: unknown): unknown {
    return this.#read(value, this.#attributes);
  }

  /** Only read: what Headgate sends again, it sends as the bytes it got. */
  override _toValue(): undefined {
    return undefined;
  }
}

/** A reader for one registered schema; `references` are the schemas it names, in order. */
export function avroType(schema: string, references: readonly string[] = []): Type {
  const registry: Record<string, Type> = { long: longType };
  const options = {
    registry,
    typeHook: longHook(),
    logicalTypes: { [LOGICAL]: SemanticType },
  } as unknown as Parameters<typeof avro.Type.forSchema>[1];
  for (const text of references) avro.Type.forSchema(withSemantics(JSON.parse(text)), options);
  return avro.Type.forSchema(withSemantics(JSON.parse(schema)), options);
}

/** The same without meanings, for writing: values are as Avro has them. */
export function plainAvroType(schema: string, references: readonly string[] = []): Type {
  const registry: Record<string, Type> = { long: longType };
  const options = { registry, typeHook: longHook() } as unknown as Parameters<typeof avro.Type.forSchema>[1];
  for (const text of references) avro.Type.forSchema(withoutMeanings(JSON.parse(text)), options);
  return avro.Type.forSchema(withoutMeanings(JSON.parse(schema)), options);
}

function withoutMeanings(schema: unknown): Schema {
  const strip = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(strip);
    if (node === null || typeof node !== "object") return node;
    return Object.fromEntries(
      Object.entries(node)
        .filter(([key]) => key !== "logicalType" && key !== "default")
        .map(([key, value]) => [key, strip(value)]),
    );
  };
  return strip(schema) as Schema;
}

/** Marks the types whose `connect.name` is known, so that avsc hands their values to us. */
function withSemantics(schema: unknown): Schema {
  const mark = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(mark);
    if (node === null || typeof node !== "object") return node;
    const entries = Object.entries(node).map(([key, value]) => [
      key,
      key === "default" ? value : mark(value),
    ]);
    const marked: Record<string, unknown> = Object.fromEntries(entries);
    const known = Object.hasOwn(SEMANTIC, String(marked["connect.name"]));
    // Without the mark avsc ignores a logical type it does not know, such as Avro's own decimal.
    if (known) marked.logicalType = LOGICAL;
    // Connect may write defaults that are not of the first branch of a union; readers do not need them.
    delete marked.default;
    return marked;
  };
  return mark(schema) as Schema;
}

function unscaled(bytes: Buffer): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`));
}

function decimalText(value: bigint, scale: number): string {
  if (scale <= 0) return String(value * 10n ** BigInt(-scale));
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
