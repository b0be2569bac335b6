import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { credentialChecks } from "#db/schema/credentials.ts";
import { databases } from "#db/schema/databases.ts";
import { DatabaseDraft, type DatabaseDraftInput } from "#domain/databases/schema.ts";
import { checkReference } from "#server/credentials/check-reference.ts";
import { type SourceDatabase, startSourceDatabase } from "#server/testing/source-database.ts";
import { an, readLabFile, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { checkReadiness } from "./check-readiness.ts";
import { getDatabase } from "./get-database.ts";
import { listTables } from "./list-tables.ts";
import { registerDatabase } from "./register-database.ts";
import { testConnection, testDraftConnection } from "./test-connection.ts";

let stack: Stack;
let source: SourceDatabase;
let id: string;
beforeAll(async () => {
  stack = await startStack();
  source = await startSourceDatabase();
  await source.admin.query(`
    create table orders (id int primary key, note text);
    create table keyless (id int);
    insert into orders select n, 'x' from generate_series(1, 500) n;
    analyze orders;
    grant select on orders, keyless to ${source.readonly.user}`);
  ({ id } = await register());
});
afterAll(async () => {
  await stack.deps.readonlyPools.closeAll();
  await source.stop();
  await stack.stop();
});

const engineer = an("engineer", "ada");
const draft = (over: Partial<DatabaseDraftInput> = {}) => DatabaseDraft.parse(source.draft(over));
const register = (over: Partial<DatabaseDraftInput> = {}) =>
  registerDatabase(stack.deps, engineer, draft({ name: uniqueName("db"), ...over }));

test("a good registration connects; the result is kept and the trail has it", async () => {
  const result = await testConnection(stack.deps, an("operator"), { id });

  expect(result).toMatchObject({
    ok: true,
    serverVersion: expect.stringMatching(/^\d+/),
    isStandby: false,
    role: { superuser: false, writableTables: 0, readableTables: 2 },
    remarks: ["The connection is not encrypted"],
  });
  expect(await getDatabase(stack.deps, an("viewer"), { id })).toMatchObject({ lastTest: { ok: true } });
  const entries = await stack.deps.db.select().from(auditEntries).orderBy(auditEntries.seq);
  expect(entries.at(-1)).toMatchObject({
    action: "database.test",
    actorId: "operator",
    outcome: "succeeded",
  });
});

test.each([
  ["an unknown host", () => ({ host: "nowhere.invalid" }), "host_unknown"],
  ["a dead port", () => ({ port: 1 }), "refused"],
  ["a database that is not there", () => ({ databaseName: "nothere" }), "database_missing"],
  ["TLS that is not offered", () => ({ tlsMode: "verify-full" as const }), "tls_unavailable"],
  [
    "a missing key",
    () => ({ readonlyPasswordRef: `vault://secret/${source.paths.readonly}#pass` }),
    "credential_unavailable",
  ],
  [
    "a missing secret",
    () => ({ readonlyPasswordRef: "vault://secret/headgate/none#password" }),
    "credential_unavailable",
  ],
  [
    "a secret that Headgate may not read",
    () => ({ readonlyPasswordRef: `vault://secret/connectors/${source.name}-other#password` }),
    "credential_unavailable",
  ],
] as const)("before saving, %s is said in words", async (_case, over, problem) => {
  const result = await testDraftConnection(stack.deps, engineer, draft(over()));

  expect(result).toMatchObject({ ok: false, problem, sentence: expect.any(String), fix: expect.any(String) });
});

test("a wrong password in Vault is said without the user or the password; after a rotation it works", async () => {
  const path = `headgate/${uniqueName("wrong")}`;
  const wrong = `wrong-${crypto.randomUUID()}`;
  await source.vault.write(path, { username: source.readonly.user, password: wrong });
  const own = draft({
    readonlyUserRef: `vault://secret/${path}#username`,
    readonlyPasswordRef: `vault://secret/${path}#password`,
  });

  const refused = await testDraftConnection(stack.deps, engineer, own);
  await source.vault.write(path, { username: source.readonly.user, password: source.readonly.password });
  const accepted = await testDraftConnection(stack.deps, engineer, own);

  expect(refused).toMatchObject({ ok: false, problem: "password_wrong" });
  expect(JSON.stringify(refused)).not.toContain(wrong);
  expect(JSON.stringify(refused)).not.toContain(source.readonly.user);
  expect(accepted).toMatchObject({ ok: true });
});

test("a change credential is never sent to the host of a draft, nor registered for reading", async () => {
  const change = `vault://secret/headgate/${uniqueName("change")}#password`;
  const { name } = await register({
    host: "localhost",
    role: "both",
    changeUserRef: change.replace("#password", "#username"),
    changePasswordRef: change,
  });
  const refusal = { code: "invalid", message: expect.stringContaining(`change credential of ${name}`) };
  const borrowed = draft({ name: uniqueName("db"), port: 1, readonlyPasswordRef: `${change}@1` });

  await expect(testDraftConnection(stack.deps, engineer, borrowed)).rejects.toMatchObject(refusal);
  await expect(registerDatabase(stack.deps, engineer, borrowed)).rejects.toMatchObject(refusal);
});

test("a role that may not connect is told so", async () => {
  await source.admin.query(`revoke connect on database ${source.name} from public`);
  try {
    expect(await testDraftConnection(stack.deps, engineer, draft())).toMatchObject({
      ok: false,
      problem: "connect_not_granted",
    });
  } finally {
    await source.admin.query(`grant connect on database ${source.name} to public`);
  }
});

test("Vault out of reach is a result that names Vault", async () => {
  const config = structuredClone(stack.deps.config);
  for (const cluster of config.clusters) if (cluster.vault) cluster.vault.address = "http://127.0.0.1:1";
  const without = await startStack({ config });
  try {
    expect(await testDraftConnection(without.deps, engineer, draft())).toMatchObject({
      ok: false,
      problem: "credential_unavailable",
      sentence: expect.stringContaining("Vault of lab refuses connections"),
    });
  } finally {
    await without.stop();
  }
});

test("tables come from the live catalogue with sizes and keys", async () => {
  const listing = await listTables(stack.deps, an("viewer"), { id, search: "", limit: 100 });

  expect(listing).toMatchObject({
    total: 2,
    tables: [
      { schema: "public", name: "orders", estimatedRows: 500, primaryKey: ["id"], readable: true },
      { schema: "public", name: "keyless", estimatedRows: null, primaryKey: [] },
    ],
  });
});

test("readiness names what is missing with the statement that fixes it, and the statement does", async () => {
  const question = {
    databaseId: id,
    tables: ["public.orders", "public.keyless"],
    slotName: source.name,
    publicationName: source.name,
  };
  const blockers = async () =>
    (await checkReadiness(stack.deps, an("operator"), question)).findings.filter(
      ({ state }) => state === "blocker",
    );

  const first = await blockers();
  expect(first.map(({ check, subject }) => [check, subject])).toEqual([
    ["publication", source.name],
    ["select_privilege", "public.orders"],
    ["replica_identity", "public.keyless"],
    ["select_privilege", "public.keyless"],
  ]);

  for (const { fix } of first) await source.admin.query(fix ?? "");

  expect(await blockers()).toEqual([]);
});

test("a slot left behind is a warning until it is dropped", async () => {
  const slotName = `${source.name}_slot`;
  await source.admin.query("select pg_create_logical_replication_slot($1, 'pgoutput')", [slotName]);
  const slotFinding = async () =>
    (await checkReadiness(stack.deps, an("operator"), { databaseId: id, slotName })).findings.find(
      ({ check }) => check === "slot",
    );

  expect(await slotFinding()).toMatchObject({ state: "warning", fix: expect.stringContaining(slotName) });

  await source.admin.query("select pg_drop_replication_slot($1)", [slotName]);
  expect(await slotFinding()).toMatchObject({ state: "ok" });
});

test("a source that is down is an outage, by name, and retryable", async () => {
  const down = await register({ port: 1 });

  await expect(
    listTables(stack.deps, an("viewer"), { id: down.id, search: "", limit: 10 }),
  ).rejects.toMatchObject({
    code: "upstream_unavailable",
    retryable: true,
    upstream: "PostgreSQL",
    message: expect.stringContaining("Nothing accepts connections"),
  });
});

test("a target has no readiness, and roles without the permission cannot test", async () => {
  const target = await register({ role: "target", port: 2 });

  await expect(checkReadiness(stack.deps, engineer, { databaseId: target.id })).rejects.toMatchObject({
    code: "invalid",
  });
  await expect(testConnection(stack.deps, an("viewer"), target)).rejects.toMatchObject({ code: "forbidden" });
  await expect(testDraftConnection(stack.deps, an("operator"), draft())).rejects.toMatchObject({
    code: "forbidden",
  });
});

test("no value of a secret is in the database, and Vault's own trail shows no read of the connectors' secret", async () => {
  for (const reader of ["connector", "headgate"] as const) {
    const path = source.paths[reader === "connector" ? "connector" : "readonly"];
    const check = await checkReference(stack.deps, engineer, {
      cluster: "lab",
      reference: `vault://secret/${path}#password`,
      reader,
      fresh: true,
    });
    expect(check).toMatchObject({ state: "ok", remarks: [] });
  }
  expect(await testConnection(stack.deps, engineer, { id })).toMatchObject({ ok: true });

  const { db } = stack.deps;
  const stored = JSON.stringify(
    await Promise.all([
      db.select().from(databases),
      db.select().from(credentialChecks),
      db.select().from(auditEntries),
    ]),
  );
  expect(stored).not.toContain(source.connectorPassword);
  expect(stored).not.toContain(source.readonly.password);
  const { vault } = readLabFile<{ vault: { auditLog: string } }>("endpoints.json");
  const paths = readFileSync(vault.auditLog, "utf8")
    .split("\n")
    .filter((line) => line.includes(source.name) && line.includes('"operation":"read"'))
    .map((line) => String(JSON.parse(line).request.path));
  expect(paths).toContain(`secret/subkeys/${source.paths.connector}`);
  expect(paths).toContain(`secret/data/${source.paths.readonly}`);
  expect(paths).not.toContain(`secret/data/${source.paths.connector}`);
});
