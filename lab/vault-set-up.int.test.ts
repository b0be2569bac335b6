import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { readEndpoints } from "./endpoints.ts";

const { vault } = readEndpoints(process.env.HEADGATE_LAB_DIR ?? ".headgate/test");
let token: string;

beforeAll(async () => {
  const { body } = await ask("POST", "auth/approle/login", {
    role_id: vault.roleId,
    secret_id: readFileSync(vault.secretIdFile, "utf8"),
  });
  token = z.object({ auth: z.object({ client_token: z.string() }) }).parse(body).auth.client_token;
});

test.each([
  ["its own read-only credential", "GET", "secret/data/headgate/shop"],
  ["a change credential", "GET", "secret/data/changes/warehouse"],
  ["which keys a connector's secret has", "GET", "secret/subkeys/connectors/shop"],
  ["when a connector's secret changed", "GET", "secret/metadata/connectors/shop"],
] as const)("Headgate may read %s", async (_what, method, path) => {
  expect((await ask(method, path)).status).toBe(200);
});

test.each([
  ["read a connector's secret", "GET", "secret/data/connectors/shop"],
  ["write a connector's secret", "POST", "secret/data/connectors/shop"],
  ["write its own credential", "POST", "secret/data/headgate/shop"],
  ["delete a secret's history", "DELETE", "secret/metadata/connectors/shop"],
  ["change policies", "PUT", "sys/policies/acl/headgate"],
] as const)("Headgate may not %s", async (_what, method, path) => {
  expect((await ask(method, path, method === "GET" ? undefined : { data: {} })).status).toBe(403);
});

test("Headgate learns what connectors may read without their token", async () => {
  const path = "secret/data/connectors/shop";

  const { status, body } = await ask("POST", "sys/capabilities-accessor", {
    accessor: vault.connectorAccessor,
    paths: [path, "secret/data/headgate/shop"],
  });

  expect(status).toBe(200);
  expect(body).toMatchObject({ [path]: ["read"], "secret/data/headgate/shop": ["deny"] });
});

test("subkeys show a secret's keys and none of its values", async () => {
  const { body } = await ask("GET", "secret/subkeys/connectors/shop");

  expect(body).toMatchObject({ data: { subkeys: { username: null, password: null } } });
});

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const reply = await fetch(`${vault.address}/v1/${path}`, {
    method,
    headers: { "content-type": "application/json", ...(token ? { "x-vault-token": token } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: reply.status, body: await reply.json().catch(() => undefined) };
}
