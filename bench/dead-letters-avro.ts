import avro from "avsc";
import { type Endpoints, letter, produceLetters } from "./dead-letters-load.ts";

/** Dead letters whose key and value are Avro, with the schemas registered as a connector would. */
export async function produceAvro(lab: Endpoints, topic: string, count: number): Promise<void> {
  const keySchema = {
    type: "record",
    name: "Key",
    namespace: topic.replaceAll("-", "_"),
    fields: [{ name: "id", type: "long" }],
  } as const;
  const row = {
    type: "record",
    name: "Value",
    fields: [
      { name: "id", type: "long" },
      { name: "name", type: ["null", "string"], default: null },
      { name: "amount", type: "double" },
      { name: "at", type: { type: "long", "connect.name": "io.debezium.time.MicroTimestamp" } },
    ],
  };
  const valueSchema = {
    type: "record",
    name: "Envelope",
    namespace: topic.replaceAll("-", "_"),
    fields: [
      { name: "before", type: ["null", row], default: null },
      { name: "after", type: ["null", "Value"], default: null },
      {
        name: "source",
        type: {
          type: "record",
          name: "Source",
          fields: [
            { name: "connector", type: "string" },
            { name: "ts_ms", type: "long" },
            { name: "table", type: "string" },
            { name: "lsn", type: ["null", "long"], default: null },
          ],
        },
      },
      { name: "op", type: "string" },
      { name: "ts_ms", type: ["null", "long"], default: null },
    ],
  };
  const [keyId, valueId] = await Promise.all([
    register(lab, `${topic}-key`, keySchema),
    register(lab, `${topic}-value`, valueSchema),
  ]);
  const options = { wrapUnions: false } as const;
  const keyType = avro.Type.forSchema(structuredClone(keySchema) as unknown as avro.Schema, options);
  const valueType = avro.Type.forSchema(structuredClone(valueSchema) as unknown as avro.Schema, options);
  await produceLetters(lab.kafka.brokers, topic, count, (index) => {
    const after = { id: index, name: `name ${index}`, amount: index / 7, at: 1_700_000_000_000_000 + index };
    const value = {
      before: null,
      after,
      source: { connector: "postgresql", ts_ms: 1_700_000_000_000, table: "t", lsn: index },
      op: "c",
      ts_ms: 1_700_000_000_001,
    };
    return {
      ...letter(index, framed(valueId, valueType.toBuffer(value))),
      key: framed(keyId, keyType.toBuffer({ id: index })),
    };
  });
}

function framed(id: number, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeInt32BE(id, 1);
  return Buffer.concat([head, body]);
}

async function register(lab: Endpoints, subject: string, schema: object): Promise<number> {
  const res = await fetch(`${lab.registry.url}/subjects/${subject}/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema: JSON.stringify(schema) }),
    signal: AbortSignal.timeout(10_000),
  });
  const { id } = (await res.json()) as { id: number };
  return id;
}
