import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLabFile, uniqueName } from "#server/testing/stack.ts";
import { openVault, type TestVault } from "#server/testing/vault.ts";
import { createVaultClient, type VaultClientOptions } from "./client.ts";

const lab = readLabFile<{
  vault: {
    address: string;
    roleId: string;
    secretIdFile: string;
    connectorAccessor: string;
    rootTokenFile: string;
  };
}>("endpoints.json").vault;

const CANARY = `canary-${crypto.randomUUID()}`;
let vault: TestVault;
let folder: string;
const servers: Server[] = [];

beforeAll(async () => {
  vault = openVault(lab);
  folder = await mkdtemp(join(tmpdir(), "headgate-vault-"));
});
afterAll(async () => {
  await vault.cleanUp();
  await rm(folder, { recursive: true });
  for (const server of servers) server.close();
});

const client = (over: Partial<VaultClientOptions> = {}) =>
  createVaultClient({ cluster: "lab", timeoutMs: 5_000, ...lab, ...over });

async function answering(
  reply: (path: string) => { status: number; body: string; headers?: Record<string, string> },
) {
  const server = createServer((request, response) => {
    const { status, body, headers } = reply(request.url ?? "");
    response.writeHead(status, headers).end(body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("a running server is active", async () => {
  expect(await client().health()).toMatchObject({ state: "active", version: expect.stringMatching(/^\d/) });
});

test("looking shows key names, version and times, and no value", async () => {
  const path = `connectors/${uniqueName("look")}`;
  await vault.write(path, { username: "u", password: CANARY, nested: { a: "b" } });
  await vault.write(path, { username: "u", password: CANARY, extra: "x" });

  const newest = await client().look({ mount: "secret", path });
  const first = await client().look({ mount: "secret", path, version: 1 });

  expect(newest).toMatchObject({
    state: "present",
    version: 2,
    newestVersion: 2,
    keys: ["extra", "password", "username"],
  });
  expect(first).toMatchObject({
    state: "present",
    version: 1,
    newestVersion: 2,
    keys: ["password", "username"],
  });
  expect(JSON.stringify([newest, first])).not.toContain(CANARY);
});

test("what is not there is told apart", async () => {
  const path = `connectors/${uniqueName("gone")}`;
  await vault.write(path, { password: "a" });
  await vault.write(path, { password: "b" });
  await vault.write(path, { password: "c" });
  await vault.call("POST", `secret/delete/${path}`, { versions: [3] });
  await vault.call("POST", `secret/destroy/${path}`, { versions: [1] });
  const look = (over: object) => client().look({ mount: "secret", path, ...over });

  expect(await look({})).toMatchObject({ state: "deleted", version: 3, deletedAt: expect.any(Date) });
  expect(await look({ version: 1 })).toEqual({ state: "destroyed", version: 1 });
  expect(await look({ version: 2 })).toMatchObject({ state: "present", newestVersion: 3 });
  expect(await look({ version: 9 })).toEqual({ state: "version_missing", newestVersion: 3 });
  expect(await look({ path: `${path}-x` })).toEqual({ state: "missing" });
  expect(await look({ path: `${path}-x`, version: 1 })).toEqual({ state: "missing" });
  expect(await look({ mount: uniqueName("nomount") })).toMatchObject({ state: "denied" });
});

test("who may read is asked without reading", async () => {
  const connectors = { mount: "secret", path: "connectors/shop" };
  const own = { mount: "secret", path: "headgate/shop" };

  expect(await client().connectorMayRead(connectors)).toBe("yes");
  expect(await client().headgateMayRead(connectors)).toBe("no");
  expect(await client().connectorMayRead(own)).toBe("no");
  expect(await client().headgateMayRead(own)).toBe("yes");
  expect(await client({ connectorAccessor: undefined }).connectorMayRead(own)).toBe("unknown");
  expect(await client({ connectorAccessor: "ended" }).connectorMayRead(own)).toBe("unknown");
});

test("only Headgate's own credentials can be read, a user and password of one secret at once", async () => {
  const path = `headgate/${uniqueName("own")}`;
  await vault.write(path, { username: "u", password: CANARY });
  const reference = { mount: "secret", path };

  const values = await client().readOwn([
    { ...reference, key: "username" },
    { ...reference, key: "password" },
  ]);

  expect(values).toEqual(["u", CANARY]);
  await expect(
    client().readOwn([{ mount: "secret", path: "connectors/shop", key: "password" }]),
  ).rejects.toMatchObject({
    kind: "denied",
    code: "upstream_rejected",
    message: expect.stringContaining("secret/data/connectors/shop"),
  });
  await expect(client().readOwn([{ ...reference, key: "none" }])).rejects.toMatchObject({
    kind: "not_found",
  });
});

test("a token that was revoked is replaced without anybody noticing", async () => {
  const tokenFile = join(folder, "token");
  const first = await vault.token(["headgate"]);
  writeFileSync(tokenFile, first);
  const own = client({ tokenFile, roleId: undefined });
  expect(await own.look({ mount: "secret", path: "connectors/shop" })).toMatchObject({ state: "present" });

  await vault.call("POST", "auth/token/revoke", { token: first });
  writeFileSync(tokenFile, `${await vault.token(["headgate"])}\n`);

  expect(await own.look({ mount: "secret", path: "connectors/shop" })).toMatchObject({ state: "present" });
});

test("a wrong login is a refusal that names what to check", async () => {
  const secretIdFile = join(folder, "wrong");
  writeFileSync(secretIdFile, CANARY);

  const error = await client({ secretIdFile })
    .look({ mount: "secret", path: "x" })
    .catch((caught: unknown) => caught);

  expect(error).toMatchObject({ kind: "login_refused", message: expect.stringContaining("roleId") });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(CANARY);
  await expect(
    client({ secretIdFile: join(folder, "none") }).look({ mount: "secret", path: "x" }),
  ).rejects.toMatchObject({
    kind: "login_refused",
    message: expect.stringContaining("cannot be read"),
  });
});

test.each([
  ["a dead port", undefined, "unanswered", /refuses connections/],
  ["a page of a proxy", { status: 200, body: `<html>${CANARY}` }, "contract_broken", /not JSON/],
  ["a reply of another shape", { status: 200, body: `{"a":"${CANARY}"}` }, "contract_broken", /unexpected/],
  [
    "a redirect, which would carry the token away",
    { status: 307, body: "", headers: { location: lab.address } },
    "redirected",
    /redirects/,
  ],
  ["a sealed server", { status: 503, body: '{"errors":["Vault is sealed"]}' }, "sealed", /is sealed/],
] as const)("%s is told apart", async (_case, reply, kind, message) => {
  const address = reply ? await answering(() => reply) : "http://127.0.0.1:1";

  const error = await client({ address })
    .look({ mount: "secret", path: "x" })
    .catch((caught: unknown) => caught);

  expect(error).toMatchObject({ kind, upstream: "Vault", message: expect.stringMatching(message) });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(CANARY);
});

test("a silent server is given up after the deadline", async () => {
  const server = createServer(() => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  await expect(client({ address, timeoutMs: 200 }).health()).rejects.toMatchObject({
    kind: "unanswered",
    message: expect.stringContaining("within 0.2 s"),
  });
});

test("VAULT_* and DEBUG of the environment change nothing and print nothing", () => {
  const script = `
    import { createVaultClient } from ${JSON.stringify(join(import.meta.dirname, "client.ts"))};
    const client = createVaultClient(${JSON.stringify({ cluster: "lab", timeoutMs: 5_000, ...lab })});
    const [value] = await client.readOwn([{ mount: "secret", path: "headgate/shop", key: "password" }]);
    console.log(value.length > 0, (await client.health()).state);
  `;
  const environment =
    "DEBUG='*' VAULT_ADDR=http://127.0.0.1:1 VAULT_TOKEN=none VAULT_NAMESPACE=other VAULT_PREFIX=/p";
  const node = join(import.meta.dirname, "../../node_modules/.bin/node");
  const command = `${environment} "${node}" --input-type=module -e "$1" 2>&1`;
  const output = execFileSync("sh", ["-c", command, "sh", script], { encoding: "utf8" });

  expect(output).toContain("true active");
  expect(output).not.toContain(readFileSync(lab.secretIdFile, "utf8").trim());
});
