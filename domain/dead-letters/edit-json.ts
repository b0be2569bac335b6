import { type EditProblem, isFields, sameValue, within } from "./edit-problems.ts";

/** Kafka Connect's schema beside a payload, as its JSON converter writes it. */
interface ConnectSchema {
  type?: string;
  optional?: boolean;
  field?: string;
  fields?: ConnectSchema[];
  items?: ConnectSchema;
  values?: ConnectSchema;
}

const WHOLE: Record<string, bigint> = { int8: 7n, int16: 15n, int32: 31n, int64: 63n };

/** Says where an edited payload is not what its schema allows. */
export function payloadProblems(schema: unknown, value: unknown, path = ""): EditProblem[] {
  if (!isFields(schema)) return [];
  const { type = "", optional = false, fields = [], items, values } = schema as ConnectSchema;
  const problem = (message: string): EditProblem[] => [{ path, message }];
  if (value === null) return optional ? [] : problem("must not be null");
  if (type === "struct") {
    if (!isFields(value)) return problem("must be an object");
    const known = new Map(fields.map((field) => [field.field ?? "", field]));
    return [
      ...Object.keys(value)
        .filter((name) => !known.has(name))
        .map((name) => ({ path: within(path, name), message: "is not in the schema" })),
      ...fields.flatMap((field) => {
        const name = field.field ?? "";
        return Object.hasOwn(value, name)
          ? payloadProblems(field, value[name], within(path, name))
          : [{ path: within(path, name), message: "is missing" }];
      }),
    ];
  }
  if (type === "array")
    return Array.isArray(value)
      ? value.flatMap((item, index) => payloadProblems(items, item, within(path, index)))
      : problem("must be a list");
  if (type === "map")
    return isFields(value)
      ? Object.entries(value).flatMap(([name, item]) => payloadProblems(values, item, within(path, name)))
      : problem("must be an object");
  const bits = WHOLE[type];
  if (bits !== undefined)
    return isWhole(value, bits) ? [] : problem(`must be a whole number that fits ${type}`);
  if (type === "float" || type === "double")
    return typeof value === "number" ? [] : problem("must be a number");
  if (type === "boolean") return typeof value === "boolean" ? [] : problem("must be true or false");
  if (type === "bytes")
    return typeof value === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
      ? []
      : problem("must be bytes in base64");
  return typeof value === "string" ? [] : problem("must be a text");
}

/** Numbers beyond 2^53 are written as text, so that their digits survive. */
function isWhole(value: unknown, bits: bigint): boolean {
  if (typeof value !== "number" && !(typeof value === "string" && /^-?\d{1,20}$/.test(value))) return false;
  if (typeof value === "number" && !Number.isInteger(value)) return false;
  const whole = BigInt(value);
  return whole >= -(2n ** bits) && whole < 2n ** bits;
}

interface RawJson {
  rawJSON: string;
}
interface JsonWithRaw {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): RawJson;
  isRawJSON(value: unknown): value is RawJson;
}
/** ECMAScript's "JSON.parse source text access", which TypeScript's library does not describe yet. */
const exact = JSON as unknown as JsonWithRaw;

/** The edited JSON as bytes: what was not changed keeps its digits to the last one. */
export function editJson(original: string, shown: unknown, edited: unknown, inPayload: boolean): string {
  const raw = exact.parse(original, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && !Number.isSafeInteger(value)
      ? exact.rawJSON(source)
      : value,
  );
  if (!inPayload) return JSON.stringify(merge(raw, shown, edited));
  const envelope = raw as Record<string, unknown>;
  return JSON.stringify({ ...envelope, payload: merge(envelope.payload, shown, edited) });
}

function merge(raw: unknown, shown: unknown, edited: unknown): unknown {
  if (sameValue(shown, edited)) return raw;
  if (exact.isRawJSON(raw) && typeof edited === "string" && /^-?\d+$/.test(edited))
    return exact.rawJSON(edited);
  if (isFields(raw) && isFields(shown) && isFields(edited))
    return Object.fromEntries(
      Object.entries(edited).map(([name, value]) => [name, merge(raw[name], shown[name], value)]),
    );
  return edited;
}
