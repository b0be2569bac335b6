import { once } from "node:events";
import { createServer } from "node:http";
import avro from "avsc";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAvroDecoder } from "#server/schema-registry/avro-decoder.ts";
import { createRegistryClient } from "#server/schema-registry/client.ts";
import { createKeyTexts } from "./key-texts.ts";
import { quietRegistry } from "./quiet-registry.ts";
import { hashKey } from "./read-record.ts";

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? "");
  const isKnown = request.url?.endsWith("/1");
  response.writeHead(isKnown ? 200 : 503, { "content-type": "application/json" });
  response.end(JSON.stringify(isKnown ? { schema: '"string"' } : { message: "starting" }));
});
let baseUrl = "";

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  baseUrl = `http://127.0.0.1:${address.port}`;
});
afterAll(() => server.close());

const framed = (id: number, text: string) =>
  Buffer.concat([Buffer.from([0, 0, 0, 0, id]), avro.Type.forSchema("string").toBuffer(text)]);

test("a registry that is away is asked once in a while; what is known goes on being decoded, keys are not noted raw", async () => {
  let at = 1_000_000;
  const decoder = createAvroDecoder(
    quietRegistry(createRegistryClient({ cluster: "lab", baseUrl }), () => at),
  );
  const keys = createKeyTexts(decoder);
  const keyText = (key: Buffer) => keys.of({ key, keyHash: hashKey("t", key), keySchemaGuid: undefined });

  expect(await keyText(framed(1, "before"))).toBe("before");
  expect(await keyText(framed(2, "unknown"))).toBeNull();
  expect(await keyText(framed(3, "unknown"))).toBeNull();
  expect((await decoder.decode(framed(1, "meanwhile"))).value).toBe("meanwhile");
  expect(await keyText(framed(1, "another"))).toBe("another");
  expect(asked).toHaveLength(2);

  at += 20_000;
  expect(await keyText(framed(3, "unknown"))).toBeNull();
  expect(asked).toHaveLength(3);
});
