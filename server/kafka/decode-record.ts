import { AppError } from "#domain/errors/app-error.ts";
import type { AvroDecoder } from "#server/schema-registry/avro-decoder.ts";
import type { KafkaRecord } from "./kafka-client.ts";

export interface Decoded {
  /** `json-schema` is Connect's JSON with the schema beside the payload; `null` is a tombstone or a missing key. */
  format: "null" | "avro" | "json-schema" | "json" | "text" | "hex";
  /** Safe for JSON: long integers beyond 2^53 are text, bytes are hexadecimal with the prefix `\x`. */
  value: unknown;
  schemaId?: number | string;
  /** Why the bytes are shown raw although they look like Avro. */
  problem?: string;
  /** Set where the registry did not answer: the schema may be known later. */
  isUnasked?: true;
}

/** Reads a record's key or value in whatever form it has; falls back to text, then to hexadecimal, and never throws. */
export async function decodePart(
  record: Pick<KafkaRecord, "key" | "value" | "headers">,
  part: "key" | "value",
  avro: AvroDecoder | undefined,
): Promise<Decoded> {
  const bytes = record[part];
  if (bytes === null) return { format: "null", value: null };
  const guid = schemaGuid(record.headers[`__${part}_schema_id`]);
  if (guid || (bytes[0] === 0 && bytes.length > 5)) {
    if (!avro) return { ...asHex(bytes), problem: "no schema registry is configured for this cluster" };
    try {
      const { value, schemaId } = await avro.decode(bytes, guid);
      return { format: "avro", value: jsonSafe(value), schemaId };
    } catch (error) {
      const isUnasked = error instanceof AppError && error.code === "upstream_unavailable";
      return {
        ...asHex(bytes),
        problem: error instanceof Error ? error.message : "unreadable",
        ...(isUnasked ? { isUnasked } : {}),
      };
    }
  }
  return decodePlain(bytes);
}

/** JSON with or without Connect's schema, text, or hexadecimal. */
export function decodePlain(bytes: Buffer): Decoded {
  const text = utf8(bytes);
  if (text === undefined) return asHex(bytes);
  const parsed = parseJson(text);
  if (parsed === undefined) return { format: "text", value: text };
  if (isConnectJson(parsed.json)) return { format: "json-schema", value: parsed.json.payload };
  return { format: "json", value: parsed.json };
}

function isConnectJson(json: unknown): json is { schema: unknown; payload: unknown } {
  if (json === null || typeof json !== "object" || Array.isArray(json)) return false;
  return Object.keys(json).length === 2 && "schema" in json && "payload" in json;
}

function parseJson(text: string): { json: unknown } | undefined {
  if (!/^\s*[[{"\-\dtfn]/.test(text)) return undefined;
  try {
    return { json: /\d{16}/.test(text) ? JSON.parse(text, exactIntegers) : JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Integers beyond 2^53 keep their digits as text; without the source they would come out rounded. */
function exactIntegers(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context?.source && /^-?\d+$/.test(context.source) ? context.source : value;
}

function utf8(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters mark what is no text
    return /[\u0000-\u0008\u000e-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function asHex(bytes: Buffer): Decoded {
  return { format: "hex", value: `\\x${bytes.toString("hex")}` };
}

/** Newer serializers put a version byte and a 16-byte GUID into a header. */
function schemaGuid(header: Buffer | Buffer[] | undefined): string | undefined {
  const bytes = Array.isArray(header) ? header.at(-1) : header;
  if (bytes?.length !== 17 || bytes[0] !== 1) return undefined;
  return bytes
    .subarray(1)
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function jsonSafe(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (Buffer.isBuffer(value)) return `\\x${value.toString("hex")}`;
  if (Array.isArray(value)) return value.map(jsonSafe);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonSafe(item)]));
}
