import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { credentialChecks } from "#db/schema/credentials.ts";
import type { CheckReferenceInput } from "#domain/credentials/schema.ts";
import { DatabaseDraft } from "#domain/databases/schema.ts";
import { limitLookup } from "#server/access/limit-expensive.ts";
import type { HeadgateConfig, VaultSettings } from "#server/config/headgate-config.ts";
import { registerDatabase } from "#server/databases/register-database.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { startOwnVault } from "#server/testing/own-vault.ts";
import { an, readLabFile, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { openVault, type TestVault } from "#server/testing/vault.ts";
import { checkReference } from "./check-reference.ts";
import { listCredentials } from "./list-credentials.ts";
import { refreshChecks } from "./refresh-checks.ts";

const CANARY = `canary-${crypto.randomUUID()}`;
let stack: Stack;
let vault: TestVault;
beforeAll(async () => {
  stack = await startStack();
  vault = openVault(
    readLabFile<{ vault: { address: string; rootTokenFile: string } }>("endpoints.json").vault,
  );
});
afterAll(async () => {
  await vault.cleanUp();
  await stack.stop();
});

const security = an("security", "sina");
const question = (path: string, over: Partial<CheckReferenceInput> = {}): CheckReferenceInput => ({
  cluster: "lab",
  reference: `vault://secret/${path}#password`,
  reader: "connector",
  fresh: true,
  ...over,
});
const configWith = (over: (settings: VaultSettings) => VaultSettings | undefined): HeadgateConfig => {
  const config = structuredClone(stack.deps.config);
  for (const cluster of config.clusters) cluster.vault = cluster.vault && over(cluster.vault);
  return config;
};
const page = { filter: "", sort: "", page: 1, pageSize: 100 };

test("a good reference is there, with version and time, and without its value", async () => {
  const path = `connectors/${uniqueName("good")}`;
  await vault.write(path, { username: "u", password: CANARY });

  const check = await checkReference(stack.deps, security, question(path));

  expect(check).toMatchObject({
    state: "ok",
    exists: true,
    keyPresent: true,
    version: 1,
    readerMayRead: "yes",
    changedAt: expect.any(Date),
    remarks: [],
  });
  expect(JSON.stringify([check, await stack.deps.db.select().from(credentialChecks)])).not.toContain(CANARY);
});

test.each([
  [
    "a missing key",
    "connectors",
    { password: "x" },
    "#pass",
    "connector",
    "key_missing",
    /Its keys are: password/,
  ],
  [
    "a pinned version that is not there",
    "connectors",
    { password: "x" },
    "#password@9",
    "connector",
    "version_missing",
    /version/,
  ],
  [
    "a secret that is not there",
    "connectors",
    undefined,
    "#password",
    "connector",
    "secret_missing",
    /vault kv put/,
  ],
  [
    "one the connectors may not read",
    "headgate",
    { password: "x" },
    "#password",
    "connector",
    "denied",
    /connectors' policy/,
  ],
  [
    "one Headgate may not read but should",
    "connectors",
    { password: "x" },
    "#password",
    "headgate",
    "denied",
    /Headgate's policy/,
  ],
] as const)("%s is told apart with what to do", async (_case, folder, data, rest, reader, state, fix) => {
  const path = `${folder}/${uniqueName("case")}`;
  if (data) await vault.write(path, data);

  const check = await checkReference(
    stack.deps,
    security,
    question(path, { reference: `vault://secret/${path}${rest}`, reader }),
  );

  expect(check).toMatchObject({ state, fix: expect.stringMatching(fix) });
});

test("a deleted version is told, and a mount Headgate may not see names the path", async () => {
  const path = `connectors/${uniqueName("gone")}`;
  await vault.write(path, { password: "x" });
  await vault.call("DELETE", `secret/data/${path}`);
  const mount = uniqueName("kv");

  expect(await checkReference(stack.deps, security, question(path))).toMatchObject({
    state: "deleted",
    version: 1,
  });
  expect(
    await checkReference(stack.deps, security, question(path, { reference: `vault://${mount}/a/b#c` })),
  ).toMatchObject({ state: "denied", deniedPath: `${mount}/subkeys/a/b` });
});

test("a moment later the answer is given again; a rotation shows when asked for", async () => {
  const path = `connectors/${uniqueName("rotating")}`;
  await vault.write(path, { password: "a" });
  const first = await checkReference(stack.deps, security, question(path, { fresh: false }));
  await vault.write(path, { password: "b" });

  const again = await checkReference(stack.deps, security, question(path, { fresh: false }));
  const asked = await checkReference(stack.deps, security, question(path));

  expect(again).toEqual(first);
  expect(asked).toMatchObject({ version: 2 });
});

test("asking Vault is refused after very many in a minute", async () => {
  const path = `connectors/${uniqueName("hasty")}`;
  const hasty = an("security", uniqueName("hasty"));
  for (let turn = 0; turn < 240; turn += 1) await limitLookup(stack.deps, hasty, "credentials.check");

  await expect(checkReference(stack.deps, hasty, question(path))).rejects.toMatchObject({
    code: "too_many_requests",
  });
});

test("roles without the permission learn nothing", async () => {
  for (const role of ["viewer", "analyst"] as const) {
    await expect(checkReference(stack.deps, an(role), question("connectors/shop"))).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(listCredentials(stack.deps, an(role), page)).rejects.toMatchObject({ code: "forbidden" });
  }
});

test.each([
  [
    "out of reach",
    (settings: VaultSettings) => ({ ...settings, address: "http://127.0.0.1:1" }),
    "unreachable",
    /refuses connections/,
  ],
  ["not configured", () => undefined, "not_configured", /no Vault configured/],
  [
    "refusing the login",
    (settings: VaultSettings) => ({ ...settings, roleId: "nobody" }),
    "unreachable",
    /AppRole login/,
  ],
] as const)("Vault %s is an answer in words", async (_case, over, state, sentence) => {
  const other = await startStack({ config: configWith(over) });
  try {
    const check = await checkReference(other.deps, security, question("connectors/shop"));

    expect(check).toMatchObject({
      state,
      sentence: expect.stringMatching(sentence),
      readerMayRead: "unknown",
    });
    expect(check.fix).toBeDefined();
  } finally {
    await other.stop();
  }
});

test("while Vault is sealed the last answer stays in the list with its age", async () => {
  const own = await startOwnVault();
  const folder = await mkdtemp(join(tmpdir(), "headgate-sealed-"));
  const tokenFile = join(folder, "token");
  writeFileSync(tokenFile, own.rootToken);
  const other = await startStack({
    config: configWith(() => ({ address: own.address, tokenFile })),
  });
  try {
    await own.call("POST", "secret/data/connectors/a", { data: { username: "u", password: "p" } });
    await own.call("POST", "secret/data/headgate/a", { data: { username: "u", password: "p" } });
    await registerDatabase(other.deps, an("engineer"), aDraft("a"));
    await refreshChecks(other.deps);
    const before = await listCredentials(other.deps, security, page);
    await own.seal();

    const asked = await checkReference(other.deps, security, question("connectors/a"));
    await refreshChecks(other.deps);

    expect(asked).toMatchObject({
      state: "sealed",
      sentence: "Vault of lab is sealed",
      fix: expect.stringMatching(/Unseal/),
    });
    expect(before.states).toEqual({ ok: 4 });
    expect(await listCredentials(other.deps, security, page)).toEqual(before);
  } finally {
    await other.stop();
    await own.stop();
    await rm(folder, { recursive: true });
  }
});

test("the list shows every reference in use with its users; the job looks at each secret", async () => {
  const name = uniqueName("used");
  await vault.write(`connectors/${name}`, { username: "u", password: CANARY });
  await vault.write(`headgate/${name}`, { username: "u", password: CANARY });
  const { id } = await registerDatabase(stack.deps, an("engineer"), aDraft(name));
  await storeObserved(stack.deps, {
    name: `${name}-source`,
    type: "source",
    config: {
      "database.password": `\${vault:secret/connectors/${name}:password}`,
      "database.user": `\${vault:secret/connectors/${name}:username}`,
      "topic.prefix": "${file:secret/connectors/x:y}",
    },
  });

  const before = await listCredentials(stack.deps, security, { ...page, filter: name });
  expect(before).toMatchObject({ total: 4, states: { unchecked: 4 } });

  await refreshChecks(stack.deps);

  const after = await listCredentials(stack.deps, security, {
    ...page,
    filter: `${name} reader:connector`,
    sort: "reference",
  });
  expect(after).toMatchObject({
    total: 2,
    states: { ok: 2 },
    rows: [
      {
        reference: `vault://secret/connectors/${name}#password`,
        uses: [
          { kind: "database", id, field: "connectorPasswordRef" },
          { kind: "connector", name: `${name}-source`, field: "database.password" },
        ],
        check: { state: "ok", version: 1 },
      },
      { key: "username", uses: [{ kind: "database" }, { kind: "connector", field: "database.user" }] },
    ],
  });
  expect(JSON.stringify(after)).not.toContain(CANARY);
  const changed = await listCredentials(stack.deps, security, {
    ...page,
    filter: `${name} changed:<1h state:ok`,
  });
  expect(changed.total).toBe(4);
});

function aDraft(name: string): DatabaseDraft {
  return DatabaseDraft.parse({
    name,
    engine: "postgresql",
    host: "db.example.com",
    port: 5432,
    databaseName: name,
    tlsMode: "require",
    cluster: "lab",
    role: "source",
    connectorUserRef: `vault://secret/connectors/${name}#username`,
    connectorPasswordRef: `vault://secret/connectors/${name}#password`,
    readonlyUserRef: `vault://secret/headgate/${name}#username`,
    readonlyPasswordRef: `vault://secret/headgate/${name}#password`,
  });
}
