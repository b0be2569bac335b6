import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readLabFile, uniqueName } from "#server/testing/stack.ts";
import { createAvroDecoder } from "./avro-decoder.ts";
import { createRegistryClient } from "./client.ts";

const { url } = readLabFile<{ registry: { url: string } }>("endpoints.json").registry;
const client = createRegistryClient({ cluster: "lab", baseUrl: url });
const subject = uniqueName("it-registry");
const schema = JSON.stringify({
  type: "record",
  name: "Row",
  namespace: "it",
  fields: [
    { name: "id", type: "long" },
    { name: "at", type: { type: "long", "connect.name": "io.debezium.time.MicroTimestamp" } },
  ],
});
let id: number;

beforeAll(async () => {
  const res = await fetch(`${url}/subjects/${subject}/versions`, {
    method: "POST",
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    body: JSON.stringify({ schema }),
  });
  id = z.object({ id: z.number() }).parse(await res.json()).id;
});
afterAll(async () => {
  await fetch(`${url}/subjects/${subject}`, { method: "DELETE" });
});

test("it answers, and lists what is registered", async () => {
  await client.health();

  expect(await client.subjects()).toContain(subject);
});

test("a framed record is read with the schema it names", async () => {
  const framed = Buffer.concat([Buffer.from([0, 0, 0, 0, 0]), Buffer.from([14, 0x80, 0x89, 0x7a])]);
  framed.writeInt32BE(id, 1);

  const { value, schemaId } = await createAvroDecoder(client).decode(framed);

  expect(schemaId).toBe(id);
  expect({ ...(value as object) }).toEqual({ id: 7, at: "1970-01-01T00:00:01.000000Z" });
});

test("an id nobody registered is not found", async () => {
  await expect(client.schemaById(99_999_999)).rejects.toMatchObject({
    code: "not_found",
    upstream: "Schema registry",
  });
});

test("a registry that is down is said by name", async () => {
  const dead = createRegistryClient({ cluster: "lab", baseUrl: "http://127.0.0.1:9/apis" });

  await expect(dead.health()).rejects.toMatchObject({
    code: "upstream_unavailable",
    message: "The schema registry of lab did not answer",
  });
});
