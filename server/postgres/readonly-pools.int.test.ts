import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { DatabaseAddress } from "#domain/databases/schema.ts";
import { readLabFile, uniqueName } from "#server/testing/stack.ts";
import { describeLogin } from "./describe-login.ts";
import { PostgresFailure } from "./failures.ts";
import { listCatalogTables } from "./list-tables.ts";
import { readRows } from "./read-rows.ts";
import { readSourceFacts } from "./read-source-facts.ts";
import { createReadonlyPools, withSingleConnection } from "./readonly-pools.ts";

const lab = readLabFile<{ postgres: { source: { host: string; port: number }; adminUrlsFile: string } }>(
  "endpoints.json",
).postgres;
const adminUrls = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(lab.adminUrlsFile, "utf8")));

const schema = uniqueName("hg").replaceAll("-", "_");
const reader = { user: `${schema}_reader`, password: `pw-${crypto.randomUUID()}` };
const connector = `${schema}_connector`;
const admin = new pg.Client({ connectionString: adminUrls.library ?? "" });
const pools = createReadonlyPools();

const address = (over: Partial<DatabaseAddress> = {}): DatabaseAddress => ({
  engine: "postgresql",
  ...lab.source,
  databaseName: "library",
  tlsMode: "disable",
  tlsCa: undefined,
  cluster: "lab",
  readonlyUserRef: "vault://secret/headgate/library#username",
  readonlyPasswordRef: "vault://secret/headgate/library#password",
  ...over,
});

beforeAll(async () => {
  await admin.connect();
  await admin.query(`
    create role ${reader.user} login password '${reader.password}';
    create role ${connector} login replication;
    grant connect on database library to ${reader.user}, ${connector};
    create schema ${schema};
    grant usage on schema ${schema} to ${reader.user}, ${connector};
    create table ${schema}.orders (id int primary key, a int, twice int generated always as (a * 2) stored, body text);
    create table ${schema}.events (at timestamptz, body text) partition by range (at);
    create table ${schema}.events_1 partition of ${schema}.events for values from ('2026-01-01') to ('2027-01-01');
    create table ${schema}.keyless (x int);
    create unlogged table ${schema}.scratch (id int primary key);
    create view ${schema}.seen as select 1 as one;
    alter table ${schema}.orders alter column body set storage external;
    insert into ${schema}.orders (id, a, body) values (1, 2, repeat('x', 10000));
    insert into ${schema}.events values ('2026-05-05', 'b');
    grant select on ${schema}.orders to ${reader.user}, ${connector};
    analyze ${schema}.orders; analyze ${schema}.events;
    create publication ${schema}_pub for table ${schema}.orders;`);
});
afterAll(async () => {
  await pools.closeAll();
  await admin.query(`drop publication ${schema}_pub; drop schema ${schema} cascade;
    drop owned by ${reader.user}; drop role ${reader.user}; drop owned by ${connector}; drop role ${connector}`);
  await admin.end();
});

const read = <T>(use: (client: pg.ClientBase) => Promise<T>, key = "reader") =>
  pools.withConnection(key, address(), async () => reader, use);

test("sessions are read-only, whatever the role may do", async () => {
  await admin.query(`grant insert on ${schema}.orders to ${reader.user}`);

  const writing = read((client) => client.query(`insert into ${schema}.orders (id) values (9)`));

  await expect(writing).rejects.toMatchObject({ code: "upstream_rejected", failure: { code: "25006" } });
});

test("the login is described without its name", async () => {
  const login = await read(describeLogin);

  expect(login).toMatchObject({
    isStandby: false,
    tls: undefined,
    role: { superuser: false, readableTables: expect.any(Number) },
  });
  expect(JSON.stringify(login)).not.toContain(reader.user);
});

test("the catalogue shows sizes, keys and what may be read", async () => {
  const { tables, total } = await read((client) =>
    listCatalogTables(client, { search: `${schema}.`, limit: 100 }),
  );

  const byName = Object.fromEntries(tables.map((table) => [table.name, table]));
  expect(total).toBe(4);
  expect(Object.keys(byName).sort()).toEqual(["events", "keyless", "orders", "scratch"]);
  expect(byName.orders).toMatchObject({
    schema,
    partitioned: false,
    unlogged: false,
    estimatedRows: 1,
    columns: 4,
    generatedColumns: ["twice"],
    primaryKey: ["id"],
    replicaIdentity: "default",
    readable: true,
  });
  expect(byName.events).toMatchObject({
    partitioned: true,
    estimatedRows: 1,
    primaryKey: [],
    readable: false,
  });
  expect(byName.keyless).toMatchObject({ estimatedRows: null });
  expect(byName.scratch).toMatchObject({ unlogged: true });
});

test("a search is taken literally and the total is told beyond the limit", async () => {
  const wild = await read((client) => listCatalogTables(client, { search: "%", limit: 10 }));
  const one = await read((client) => listCatalogTables(client, { search: schema, limit: 1 }));

  expect(wild).toEqual({ tables: [], total: 0 });
  expect(one).toMatchObject({ total: 4, tables: [expect.anything()] });
});

test("facts of a source are seen with a role that may only read", async () => {
  const facts = await read((client) =>
    readSourceFacts(client, {
      connectorRole: connector,
      slotName: `${schema}_slot`,
      publicationName: `${schema}_pub`,
      tables: ["orders", "keyless", "scratch", "seen", "nowhere", "events"].map(
        (name) => `${schema}.${name}`,
      ),
    }),
  );

  expect(facts).toMatchObject({
    database: "library",
    walLevel: "logical",
    isStandby: false,
    hasManagedReplication: false,
    connectorRole: {
      exists: true,
      canLogin: true,
      replication: true,
      mayConnect: true,
      mayCreateInDatabase: false,
    },
    slot: { found: null },
    publication: {
      found: { allTables: false, publishesAll: true, tables: [`${schema}.orders`], ownedByConnector: false },
    },
    tables: [
      {
        exists: true,
        kind: "r",
        primaryKey: ["id"],
        outOfLineColumns: ["body"],
        generatedColumns: ["twice"],
        connectorMaySelect: true,
        connectorOwns: false,
      },
      { exists: true, primaryKey: [], replicaIdentity: "d", connectorMaySelect: false },
      { exists: true, unlogged: true },
      { exists: true, kind: "v" },
      { exists: false },
      { exists: true, kind: "p" },
    ],
  });
});

test("nothing named leaves the rest to be judged", async () => {
  const facts = await read((client) =>
    readSourceFacts(client, {
      connectorRole: undefined,
      slotName: undefined,
      publicationName: undefined,
      tables: [],
    }),
  );

  expect(facts).toMatchObject({
    connectorRole: undefined,
    slot: undefined,
    publication: undefined,
    tables: [],
  });
});

test("a rotated password is read anew, once", async () => {
  const user = `${schema}_rotating`;
  await admin.query(
    `create role ${user} login password 'first'; grant connect on database library to ${user}`,
  );
  const reads: string[] = [];
  let current = "first";
  const readCredential = async () => {
    reads.push(current);
    return { user, password: current };
  };
  const rotating = pools.withConnection.bind(undefined, "rotating", address(), readCredential);
  const one = z.object({ one: z.number() });
  try {
    await rotating((client) => readRows(client, one, "select 1 as one"));
    await admin.query(`alter role ${user} password 'second'`);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [user]);
    current = "second";
    await expect
      .poll(() => rotating((client) => readRows(client, one, "select 1 as one")).catch(() => []))
      .toEqual([{ one: 1 }]);
    expect(reads).toEqual(["first", "second"]);

    await admin.query(`alter role ${user} password 'third'`);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [user]);
    await expect
      .poll(() =>
        rotating((client) => readRows(client, one, "select 1 as one")).catch((error: unknown) => error),
      )
      .toMatchObject({ failure: { code: "28P01" } });
  } finally {
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", [user]);
    await admin.query(`drop owned by ${user}; drop role ${user}`);
  }
});

test.each([
  ["a host nobody knows", { host: "nowhere.invalid" }, /unknown here/],
  ["a dead port", { port: 1 }, /Nothing accepts connections/],
  ["a database that is not there", { databaseName: "nothere" }, /no database nothere/],
  ["a database it may not enter", { databaseName: "shop" }, /may not connect to shop/],
  ["TLS where there is none", { tlsMode: "require" }, /offers no TLS/],
] as const)("%s is said in words", async (_case, over, message) => {
  const trying = withSingleConnection(address(over), reader, describeLogin);

  await expect(trying).rejects.toMatchObject({
    upstream: "PostgreSQL",
    message: expect.stringMatching(message),
  });
});

test("a wrong password is said without the user and the password", async () => {
  const password = `wrong-${crypto.randomUUID()}`;

  const error = await withSingleConnection(address(), { user: reader.user, password }, describeLogin).catch(
    (caught: unknown) => caught,
  );

  expect(error).toBeInstanceOf(PostgresFailure);
  const text = `${String(error)} ${JSON.stringify(error, Object.getOwnPropertyNames(error))}`;
  expect(text).toContain("does not accept the user and password");
  expect(text).not.toContain(password);
  expect(text).not.toContain(reader.user);
});

test("a server that asks for the password in the clear does not get it", async () => {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.on("data", (chunk) => received.push(chunk));
      // AuthenticationCleartextPassword
      socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const trying = withSingleConnection(address({ port }), reader, describeLogin);

  await expect(trying).rejects.toMatchObject({ failure: { code: "HEADGATE_UNPROTECTED_PASSWORD" } });
  expect(Buffer.concat(received).toString()).not.toContain(reader.password);
  for (const socket of sockets) socket.destroy();
  server.close();
});

test("a slow statement is given up and says so", async () => {
  const slow = read(async (client) => {
    await client.query("set statement_timeout = 50");
    return client.query("select pg_sleep(10)");
  });

  await expect(slow).rejects.toMatchObject({
    message: expect.stringContaining("longer than the time allowed"),
  });
});
