import { type KeyValue, keyText } from "#domain/dead-letters/key-text.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import type { AvroDecoder } from "#server/schema-registry/avro-decoder.ts";
import { BoundedMap } from "./bounded-map.ts";
import { storable } from "./kept-shapes.ts";
import type { ReadRecord } from "./read-record.ts";

/**
 * Decodes keys for the index. Where a schema cannot be asked for just now a key stays undecoded; it is decoded again when
 * a record is opened.
 */
export function createKeyTexts(avro: AvroDecoder | undefined) {
  const recent = new BoundedMap<string, string>(5_000);

  return {
    async of(record: Pick<ReadRecord, "key" | "keyHash" | "keySchemaGuid">): Promise<string | null> {
      const { key, keyHash, keySchemaGuid } = record;
      if (key === null || !keyHash) return null;
      const plain = keySchemaGuid === undefined ? plainJson(key) : undefined;
      if (plain !== undefined) return storable(keyText(plain));
      const known = recent.get(keyHash.text);
      if (known !== undefined) return known;
      const headers = keySchemaGuid
        ? { __key_schema_id: Buffer.concat([Buffer.from([1]), keySchemaGuid]) }
        : {};
      const decoded = await decodePart({ key, value: null, headers }, "key", avro);
      if (decoded.isUnasked) return null;
      const text = storable(keyText(decoded.value as KeyValue));
      recent.set(keyHash.text, text);
      return text;
    },
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
