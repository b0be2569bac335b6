import type { Type } from "avsc";
import { AppError } from "#domain/errors/app-error.ts";
import { avroType } from "./avro-types.ts";
import type { RegisteredSchema, RegistryClient } from "./client.ts";

/** Confluent's framing: a zero byte, the schema's id, then Avro. */
const MAGIC = 0;
const PREFIX_BYTES = 5;
const KEPT_TYPES = 1_000;

export interface DecodedAvro {
  schemaId: number | string;
  /** Plain values; longs beyond 2^53 are bigint, bytes are Buffers, Debezium's times and decimals are text. */
  value: unknown;
}

export type AvroDecoder = ReturnType<typeof createAvroDecoder>;

/** Reads Avro records whose schema is in the registry; parsed schemas are kept. */
export function createAvroDecoder(registry: RegistryClient) {
  const readers = new Map<string, Promise<Type>>();

  function reader(key: string, find: () => Promise<RegisteredSchema>): Promise<Type> {
    const known = readers.get(key);
    if (known) return known;
    const made = find().then(async ({ schema, schemaType, references }) => {
      if (schemaType && schemaType !== "AVRO")
        throw new AppError("upstream_contract_broken", `Schema ${key} is ${schemaType}, not AVRO`, {
          upstream: "Schema registry",
        });
      const named = await Promise.all(
        (references ?? []).map(({ subject, version }) => registry.schemaOfVersion(subject, version)),
      );
      return avroType(
        schema,
        named.map((reference) => reference.schema),
      );
    });
    readers.set(key, made);
    made.catch(() => readers.delete(key));
    if (readers.size > KEPT_TYPES) {
      const [oldest] = readers.keys();
      if (oldest !== undefined) readers.delete(oldest);
    }
    return made;
  }

  return {
    /** `guid` comes from the header `__key_schema_id` or `__value_schema_id` of newer serializers. */
    async decode(bytes: Buffer, guid?: string): Promise<DecodedAvro> {
      if (guid) {
        const type = await reader(`guid ${guid}`, () => registry.schemaByGuid(guid));
        return { schemaId: guid, value: type.fromBuffer(bytes) };
      }
      if (!looksFramed(bytes)) throw new Error("the bytes do not begin with a schema id");
      const schemaId = bytes.readInt32BE(1);
      const type = await reader(`${schemaId}`, () => registry.schemaById(schemaId));
      return { schemaId, value: type.fromBuffer(bytes.subarray(PREFIX_BYTES)) };
    },
  };
}

export function looksFramed(bytes: Buffer): boolean {
  return bytes.length > PREFIX_BYTES && bytes[0] === MAGIC;
}
