import { type KeyValue, keyText } from "#domain/dead-letters/key-text.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import type { AvroDecoder } from "#server/schema-registry/avro-decoder.ts";
import { BoundedMap } from "./bounded-map.ts";
import { storable } from "./kept-shapes.ts";
import type { ReadRecord } from "./read-record.ts";

const QUIET_MS = 15_000;

/**
 * Decodes keys for the index. A registry that does not answer must not hold up a stream: its keys stay undecoded for a
 * while (they are decoded again when a record is opened), and it is asked again later.
 */
export function createKeyTexts(avro: AvroDecoder | undefined, now: () => number) {
  let quietUntil = 0;
  const recent = new BoundedMap<string, string>(5_000);

  return {
    async of(record: Pick<ReadRecord, "key" | "keyHash" | "keySchemaGuid">): Promise<string | null> {
      const { key, keyHash, keySchemaGuid } = record;
      if (key === null || !keyHash) return null;
      const plain = keySchemaGuid === undefined ? plainJson(key) : undefined;
      if (plain !== undefined) return storable(keyText(plain));
      const known = recent.get(keyHash.text);
      if (known !== undefined) return known;
      const framed = keySchemaGuid !== undefined || (key[0] === 0 && key.length > 5);
      if (framed && now() < quietUntil) return null;
      const headers = keySchemaGuid
        ? { __key_schema_id: Buffer.concat([Buffer.from([1]), keySchemaGuid]) }
        : {};
      const watched = watch(avro);
      const decoded = await decodePart({ key, value: null, headers }, "key", watched.avro);
      if (watched.silent()) {
        quietUntil = now() + QUIET_MS;
        return null;
      }
      const text = storable(keyText(decoded.value as KeyValue));
      recent.set(keyHash.text, text);
      return text;
    },
  };
}

/** Tells a registry that is silent from bytes that are bad: `decodePart` answers both with hexadecimal. */
function watch(avro: AvroDecoder | undefined): { avro: AvroDecoder | undefined; silent(): boolean } {
  let silent = false;
  if (!avro) return { avro: undefined, silent: () => false };
  return {
    avro: {
      async decode(bytes, guid) {
        try {
          return await avro.decode(bytes, guid);
        } catch (error) {
          silent ||= error instanceof AppError && error.code === "upstream_unavailable";
          throw error;
        }
      },
    },
    silent: () => silent,
  };
}

const BRACE = 0x7b;
const SMALL = 1_024;

/** The short way for the usual key; whatever is unusual about it goes the long way. */
function plainJson(key: Buffer): KeyValue | undefined {
  if (key[0] !== BRACE || key.length > SMALL) return undefined;
  const text = key.toString("latin1");
  if (/[\x80-\xff]|\d{16}/.test(text)) return undefined;
  try {
    const parsed = JSON.parse(text) as { [name: string]: KeyValue };
    const wrapped = "schema" in parsed && "payload" in parsed && Object.keys(parsed).length === 2;
    return wrapped ? parsed.payload : parsed;
  } catch {
    return undefined;
  }
}
