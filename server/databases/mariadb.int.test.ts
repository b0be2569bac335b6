import { afterAll, beforeAll, expect, test } from "vitest";
import { DatabaseDraft, type DatabaseDraftInput } from "#domain/databases/schema.ts";
import { type MariadbSource, startMariadbSource } from "#server/testing/mariadb-source.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { checkReadiness } from "./check-readiness.ts";
import { listTables } from "./list-tables.ts";
import { registerDatabase } from "./register-database.ts";
import { requireDatabase } from "./registered-database.ts";
import { testConnection, testDraftConnection } from "./test-connection.ts";
import { withReadonlyMariadb } from "./with-readonly-mariadb.ts";

let stack: Stack;
let source: MariadbSource;
let id: string;
beforeAll(async () => {
  stack = await startStack();
  source = await startMariadbSource();
  await source.admin.query(`
    create table invoices (id bigint unsigned primary key, total decimal(12, 2), doubled decimal(13, 2) as (total * 2));
    create table invoice_lines (invoice_id bigint unsigned, line_no smallint, note text, primary key (invoice_id, line_no));
    create table keyless (id int);
    insert into invoices (id, total) select seq, seq / 100 from seq_1_to_500;
    analyze table invoices`);
  ({ id } = await register());
});
afterAll(async () => {
  await source.stop();
  await stack.stop();
});

const engineer = an("engineer", "ada");
const draft = (over: Partial<DatabaseDraftInput> = {}) => DatabaseDraft.parse(source.draft(over));
const register = (over: Partial<DatabaseDraftInput> = {}) =>
  registerDatabase(stack.deps, engineer, draft({ name: uniqueName("db"), ...over }));

test("a registered MariaDB connects, and what its account may do is told", async () => {
  const result = await testConnection(stack.deps, an("operator"), { id });

  expect(result).toMatchObject({
    ok: true,
    sentence: expect.stringMatching(/^Connected to MariaDB \d+\.\d+\.\d+ in /),
    isStandby: false,
    role: { superuser: false, replication: false, writableTables: 0, readableTables: 3 },
    remarks: ["The connection is not encrypted"],
  });
});

test("an account that could write is remarked on, and cannot write through Headgate all the same", async () => {
  await source.admin.query(`grant insert on ${source.name}.keyless to ${source.readonly.user}`);
  try {
    const result = await testConnection(stack.deps, an("operator"), { id });
    expect(result).toMatchObject({
      remarks: [expect.stringContaining("may write to 1 tables"), expect.any(String)],
    });

    const database = await requireDatabase(stack.deps.db, id);
    await expect(
      withReadonlyMariadb(stack.deps, database, (client) => client.query("insert into keyless values (1)")),
    ).rejects.toMatchObject({ code: "upstream_rejected", message: expect.stringMatching(/READ ONLY/i) });
  } finally {
    await source.admin.query(`revoke insert on ${source.name}.keyless from ${source.readonly.user}`);
  }
});

test.each([
  ["an unknown host", () => ({ host: "nowhere.invalid" }), "host_unknown"],
  ["a dead port", () => ({ port: 1 }), "refused"],
  ["a database that is not there or not granted", () => ({ databaseName: "nothere" }), "connect_not_granted"],
  ["TLS that is not offered", () => ({ tlsMode: "verify-full" as const }), "tls_unavailable"],
  [
    "a missing secret",
    () => ({ readonlyPasswordRef: "vault://secret/headgate/none#password" }),
    "credential_unavailable",
  ],
] as const)("before saving, %s is said in words", async (_case, over, problem) => {
  const result = await testDraftConnection(stack.deps, engineer, draft(over()));

  expect(result).toMatchObject({ ok: false, problem, fix: expect.any(String) });
  expect(JSON.stringify(result)).not.toMatch(/PostgreSQL|pg_hba/);
});

test("a PostgreSQL behind the port is not taken for MariaDB", async () => {
  const port = Number(new URL(stack.deps.pool.options.connectionString ?? "").port);

  expect(await testDraftConnection(stack.deps, engineer, draft({ port }))).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/not_mariadb|timeout/),
  });
});

test("a wrong password is said without the user or the password", async () => {
  const path = `headgate/${uniqueName("wrong")}`;
  const wrong = `wrong-${crypto.randomUUID()}`;
  await source.vault.write(path, { username: source.readonly.user, password: wrong });

  const refused = await testDraftConnection(
    stack.deps,
    engineer,
    draft({
      readonlyUserRef: `vault://secret/${path}#username`,
      readonlyPasswordRef: `vault://secret/${path}#password`,
    }),
  );

  expect(refused).toMatchObject({ ok: false, problem: "password_wrong" });
  expect(JSON.stringify(refused)).not.toContain(wrong);
  expect(JSON.stringify(refused)).not.toContain(source.readonly.user);
});

test("its tables come from the live catalogue with sizes, keys and computed columns", async () => {
  const listing = await listTables(stack.deps, an("viewer"), { id, search: "IN", limit: 100 });

  expect(listing.total).toBe(2);
  expect(listing.tables).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        schema: source.name,
        name: "invoices",
        primaryKey: ["id"],
        generatedColumns: ["doubled"],
        replicaIdentity: "full",
      }),
      expect.objectContaining({ name: "invoice_lines", primaryKey: ["invoice_id", "line_no"] }),
    ]),
  );
});

test("what is not there for MariaDB yet says so", async () => {
  await expect(checkReadiness(stack.deps, engineer, { databaseId: id })).rejects.toMatchObject({
    code: "invalid",
    message: expect.stringContaining("MariaDB"),
  });
  expect(DatabaseDraft.safeParse(source.draft({ role: "target" })).success).toBe(false);
});
