import { type EditProblem, isFields, sameValue, within } from "#domain/dead-letters/edit-problems.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { plainAvroType } from "./avro-types.ts";

interface AvroNode {
  type?: unknown;
  name?: string;
  namespace?: string;
  fields?: { name: string; type: unknown }[];
  items?: unknown;
  values?: unknown;
  symbols?: string[];
  scale?: number;
  size?: number;
  "connect.name"?: string;
  "connect.parameters"?: { scale?: string };
}

/**
 * The bytes of an Avro value that a person edited in the form Headgate shows it: checked against its own schema, and
 * everything that was not changed keeps the value it had. `body` is the record without its frame.
 */
export function editAvro(
  schema: string,
  references: readonly string[],
  body: Buffer,
  { shown, edited }: { shown: unknown; edited: unknown },
): Buffer {
  const type = plainAvroType(schema, references);
  const named = new Map<string, AvroNode>();
  for (const text of [...references, schema]) collectNames(JSON.parse(text), named);
  const problems: EditProblem[] = [];
  const merged = mergeNode({ named, problems }, JSON.parse(schema), {
    raw: type.fromBuffer(body),
    shown,
    edited,
    path: "",
  });
  if (problems.length > 0)
    throw new AppError(
      "invalid",
      `The edited value does not fit its schema: ${problems.map(({ path, message }) => `${path} ${message}`).join("; ")}`,
      { problems },
    );
  return type.toBuffer(merged);
}

function collectNames(node: unknown, named: Map<string, AvroNode>, space = ""): void {
  if (Array.isArray(node)) {
    for (const item of node) collectNames(item, named, space);
    return;
  }
  if (!isFields(node)) return;
  const known = node as AvroNode;
  const inside = known.namespace ?? space;
  if (known.name !== undefined && typeof known.type === "string") {
    named.set(known.name, known);
    named.set(inside === "" ? known.name : `${inside}.${known.name}`, known);
  }
  for (const field of known.fields ?? []) collectNames(field.type, named, inside);
  collectNames(known.items, named, inside);
  collectNames(known.values, named, inside);
  if (typeof known.type !== "string") collectNames(known.type, named, inside);
}

interface Context {
  named: ReadonlyMap<string, AvroNode>;
  problems: EditProblem[];
}

interface Place {
  raw: unknown;
  shown: unknown;
  edited: unknown;
  path: string;
}

function mergeNode(context: Context, node: unknown, place: Place): unknown {
  const { raw, shown, edited, path } = place;
  if (raw !== undefined && sameValue(shown, edited)) return raw;
  const fail = (message: string) => {
    context.problems.push({ path: path || "value", message });
    return raw;
  };
  if (Array.isArray(node)) return mergeUnion(context, node, place);
  if (typeof node === "string") {
    const known = context.named.get(node);
    return known ? mergeNode(context, known, place) : (toAvro(node, {}, edited) ?? fail(expected(node)));
  }
  const known = node as AvroNode;
  if (Array.isArray(known.type) || isFields(known.type)) return mergeNode(context, known.type, place);
  const name = String(known.type);
  if (name === "record" && !known["connect.name"]?.endsWith("VariableScaleDecimal"))
    return isFields(edited) ? mergeRecord(context, known, place) : fail("must be an object");
  if (name === "array")
    return Array.isArray(edited)
      ? edited.map((item, index) =>
          mergeNode(context, known.items, {
            raw: undefined,
            shown: undefined,
            edited: item,
            path: within(path, index),
          }),
        )
      : fail("must be a list");
  if (name === "map")
    return isFields(edited)
      ? Object.fromEntries(
          Object.entries(edited).map(([key, item]) => [
            key,
            mergeNode(context, known.values, {
              raw: undefined,
              shown: undefined,
              edited: item,
              path: within(path, key),
            }),
          ]),
        )
      : fail("must be an object");
  if (!["enum", "fixed", "record"].includes(name) && context.named.has(name))
    return mergeNode(context, context.named.get(name), place);
  return toAvro(name, known, edited) ?? fail(expected(name, known));
}

function mergeRecord(context: Context, node: AvroNode, { raw, shown, edited, path }: Place): unknown {
  const [old, seen, wanted] = [raw, shown, edited].map((value) => (isFields(value) ? value : {}));
  const fields = new Set((node.fields ?? []).map((field) => field.name));
  for (const name of Object.keys(wanted ?? {}))
    if (!fields.has(name))
      context.problems.push({ path: within(path, name), message: "is not in the schema" });
  return Object.fromEntries(
    (node.fields ?? []).map(({ name, type }) => {
      if (!Object.hasOwn(wanted ?? {}, name)) {
        context.problems.push({ path: within(path, name), message: "is missing" });
        return [name, old?.[name]];
      }
      const place = {
        raw: old?.[name],
        shown: seen?.[name],
        edited: wanted?.[name],
        path: within(path, name),
      };
      return [name, mergeNode(context, type, place)];
    }),
  );
}

/** Debezium's unions are null and one more; of several the first that takes the value. */
function mergeUnion(context: Context, branches: readonly unknown[], place: Place): unknown {
  if (place.edited === null) {
    if (!branches.includes("null")) context.problems.push({ path: place.path, message: "must not be null" });
    return null;
  }
  const others = branches.filter((branch) => branch !== "null");
  let first: EditProblem[] | undefined;
  for (const branch of others) {
    const attempt: Context = { named: context.named, problems: [] };
    const raw = place.raw === null ? undefined : place.raw;
    const merged = mergeNode(attempt, branch, { ...place, raw });
    if (attempt.problems.length === 0) return merged;
    first ??= attempt.problems;
  }
  context.problems.push(...(first ?? []));
  return place.raw;
}

function expected(type: string, { symbols, "connect.name": meaning }: AvroNode = {}): string {
  if (symbols) return `must be one of ${symbols.join(", ")}`;
  return meaning ? `must be a ${meaning.split(".").at(-1)} as it is shown` : `must be of type ${type}`;
}

/** A value as it is shown, as Avro has it; undefined where it does not fit. */
function toAvro(type: string, node: AvroNode, value: unknown): unknown {
  const meaning = node["connect.name"] ?? "";
  if (meaning.endsWith(".Decimal")) return decimalBytes(value, node);
  if (meaning.endsWith("VariableScaleDecimal")) return variableDecimal(value);
  const unit = TIME_UNITS[meaning];
  if (unit !== undefined && typeof value === "string") return unit(value);
  switch (type) {
    case "null":
      return value === null ? null : undefined;
    case "boolean":
      return typeof value === "boolean" ? value : undefined;
    case "int":
      return Number.isInteger(value) && Math.abs(Number(value)) <= 2 ** 31 ? value : undefined;
    case "long":
      if (typeof value === "string" && /^-?\d{1,19}$/.test(value)) return BigInt(value);
      return Number.isSafeInteger(value) ? value : undefined;
    case "float":
    case "double":
      return typeof value === "number" ? value : undefined;
    case "string":
      return typeof value === "string" ? value : undefined;
    case "enum":
      return typeof value === "string" && node.symbols?.includes(value) ? value : undefined;
    case "bytes":
    case "fixed": {
      const bytes = hexBytes(value);
      return type === "fixed" && bytes?.length !== node.size ? undefined : bytes;
    }
    default:
      return undefined;
  }
}

function hexBytes(value: unknown): Buffer | undefined {
  return typeof value === "string" && /^\\x([0-9a-f]{2})*$/i.test(value)
    ? Buffer.from(value.slice(2), "hex")
    : undefined;
}

type FromText = (text: string) => number | bigint | undefined;

const moment =
  (perSecond: bigint): FromText =>
  (text) => {
    const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(text);
    const seconds = Date.parse(`${match?.[1]}Z`) / 1_000;
    if (!match || Number.isNaN(seconds)) return undefined;
    const fraction = BigInt((match[2] ?? "").padEnd(9, "0"));
    return narrow(BigInt(seconds) * perSecond + (fraction * perSecond) / 1_000_000_000n);
  };
const clock =
  (perSecond: bigint): FromText =>
  (text) =>
    moment(perSecond)(`1970-01-01T${text}Z`);
const day: FromText = (text) => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(at) ? undefined : at / 86_400_000;
};

const TIME_UNITS: Record<string, FromText> = {
  "org.apache.kafka.connect.data.Date": day,
  "org.apache.kafka.connect.data.Time": clock(1_000n),
  "org.apache.kafka.connect.data.Timestamp": moment(1_000n),
  "io.debezium.time.Date": day,
  "io.debezium.time.Time": clock(1_000n),
  "io.debezium.time.MicroTime": clock(1_000_000n),
  "io.debezium.time.NanoTime": clock(1_000_000_000n),
  "io.debezium.time.Timestamp": moment(1_000n),
  "io.debezium.time.MicroTimestamp": moment(1_000_000n),
  "io.debezium.time.NanoTimestamp": moment(1_000_000_000n),
};

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function decimalBytes(value: unknown, node: AvroNode): Buffer | undefined {
  const scale = Number(node.scale ?? node["connect.parameters"]?.scale ?? 0);
  const parts = typeof value === "string" ? /^(-?)(\d+)(?:\.(\d*))?$/.exec(value) : null;
  if (!parts || scale < 0 || (parts[3] ?? "").length > scale) return undefined;
  const unscaled = BigInt(`${parts[2]}${(parts[3] ?? "").padEnd(scale, "0")}`);
  return twosComplement(parts[1] === "-" ? -unscaled : unscaled);
}

function variableDecimal(value: unknown): { scale: number; value: Buffer } | undefined {
  const scale = typeof value === "string" ? (value.split(".")[1] ?? "").length : 0;
  const bytes = decimalBytes(value, { scale });
  return bytes && { scale, value: bytes };
}

function twosComplement(value: bigint): Buffer {
  let size = 1;
  while (value < -(2n ** BigInt(size * 8 - 1)) || value >= 2n ** BigInt(size * 8 - 1)) size += 1;
  const hex = BigInt.asUintN(size * 8, value)
    .toString(16)
    .padStart(size * 2, "0");
  return Buffer.from(hex, "hex");
}
