import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { databases } from "#db/schema/databases.ts";
import { observedConnectors } from "#db/schema/observed.ts";
import { DatabaseDraft, type DatabaseDraftInput } from "#domain/databases/schema.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { an, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { getDatabase } from "./get-database.ts";
import { listDatabases } from "./list-databases.ts";
import { registerDatabase } from "./register-database.ts";
import { removeDatabase } from "./remove-database.ts";
import { updateDatabase } from "./update-database.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const engineer = an("engineer", "ada");
const page = { filter: "", sort: "", page: 1, pageSize: 100 };

function aDraft(over: Partial<DatabaseDraftInput> = {}): DatabaseDraft {
  const name = uniqueName("db");
  return DatabaseDraft.parse({
    name,
    engine: "postgresql",
    host: "db.example.com",
    port: 5432,
    databaseName: name,
    tlsMode: "verify-full",
    cluster: "lab",
    role: "source",
    connectorUserRef: `vault://secret/connectors/${name}#username`,
    connectorPasswordRef: `vault://secret/connectors/${name}#password`,
    readonlyUserRef: `vault://secret/headgate/${name}#username`,
    readonlyPasswordRef: `vault://secret/headgate/${name}#password`,
    ...over,
  });
}

const auditOf = (id: string) =>
  stack.deps.db
    .select()
    .from(auditEntries)
    .orderBy(auditEntries.seq)
    .then((entries) => entries.filter((entry) => entry.subject.id === id));

test("a registered database is listed and found, and the trail names who did it", async () => {
  const draft = aDraft();

  const made = await registerDatabase(stack.deps, engineer, draft);

  expect(await getDatabase(stack.deps, an("viewer"), made)).toMatchObject({
    ...draft,
    version: 1,
    createdBy: "ada",
    usedBy: [],
    lastTest: undefined,
    references: [
      { field: "connectorUserRef", reader: "connector", check: undefined },
      { field: "connectorPasswordRef", reader: "connector" },
      { field: "readonlyUserRef", reader: "headgate" },
      { field: "readonlyPasswordRef", reader: "headgate" },
    ],
  });
  const listed = await listDatabases(stack.deps, an("viewer"), { ...page, filter: draft.name });
  expect(listed).toMatchObject({ total: 1, rows: [{ id: made.id, references: "unchecked", usedBy: 0 }] });
  expect(await auditOf(made.id)).toMatchObject([
    { action: "database.register", actorId: "ada", outcome: "succeeded", subject: { database: draft.name } },
  ]);
});

test("a role that may not register changes nothing", async () => {
  const made = await registerDatabase(stack.deps, engineer, aDraft());
  const before = await stack.deps.db.select().from(databases);

  for (const role of ["viewer", "analyst", "operator", "security"] as const) {
    await expect(registerDatabase(stack.deps, an(role), aDraft())).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(
      updateDatabase(stack.deps, an(role), { ...aDraft(), id: made.id, version: 1 }),
    ).rejects.toMatchObject({ code: "forbidden" });
    await expect(removeDatabase(stack.deps, an(role), { id: made.id, version: 1 })).rejects.toMatchObject({
      code: "forbidden",
    });
  }

  expect(await stack.deps.db.select().from(databases)).toEqual(before);
});

test("a taken name and an address registered twice are told apart", async () => {
  const first = aDraft();
  await registerDatabase(stack.deps, engineer, first);

  await expect(
    registerDatabase(stack.deps, engineer, { ...aDraft(), name: first.name }),
  ).rejects.toMatchObject({
    code: "conflict",
    problems: [{ path: "name" }],
  });
  await expect(
    registerDatabase(stack.deps, engineer, { ...first, name: uniqueName("db") }),
  ).rejects.toMatchObject({
    code: "conflict",
    problems: [{ path: "host" }],
  });
});

test("an unknown cluster and a broken certificate are refused at their field", async () => {
  const noCluster = aDraft({ cluster: "nowhere" });
  const badCa = aDraft({ tlsCa: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----" });

  await expect(registerDatabase(stack.deps, engineer, noCluster)).rejects.toMatchObject({
    code: "invalid",
    problems: [{ path: "cluster", message: expect.stringContaining("lab") }],
  });
  await expect(registerDatabase(stack.deps, engineer, badCa)).rejects.toMatchObject({
    code: "invalid",
    problems: [{ path: "tlsCa" }],
  });
});

test("an update is traced with before and after, and an older version cannot overwrite it", async () => {
  const draft = aDraft({ connectorRole: "reader" });
  const { id } = await registerDatabase(stack.deps, engineer, draft);

  const updated = await updateDatabase(stack.deps, engineer, {
    ...draft,
    port: 6432,
    connectorRole: undefined,
    id,
    version: 1,
  });

  expect(updated).toMatchObject({ port: 6432, connectorRole: undefined, version: 2 });
  await expect(
    updateDatabase(stack.deps, an("admin"), { ...draft, port: 7432, id, version: 1 }),
  ).rejects.toMatchObject({ code: "conflict", message: expect.stringContaining("ada changed") });
  expect((await auditOf(id)).at(-1)).toMatchObject({
    action: "database.update",
    detail: { before: { port: 5432, connectorRole: "reader" }, after: { port: 6432, connectorRole: null } },
  });
});

test("of many who save the same version at once, one wins", async () => {
  const draft = aDraft();
  const { id } = await registerDatabase(stack.deps, engineer, draft);

  const saves = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      updateDatabase(stack.deps, engineer, { ...draft, port: 6000 + index, id, version: 1 }),
    ),
  );

  expect(saves.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect(await getDatabase(stack.deps, engineer, { id })).toMatchObject({ version: 2 });
});

test("a database that a connector uses is not removed, one that nobody uses is", async () => {
  const draft = aDraft();
  const { id } = await registerDatabase(stack.deps, engineer, draft);
  const name = uniqueName("source");
  await storeObserved(stack.deps, {
    name,
    type: "source",
    plugin: "io.debezium.connector.postgresql.PostgresConnector",
    config: {
      "database.hostname": draft.host,
      "database.port": "5432",
      "database.dbname": draft.databaseName,
      "database.password": `\${vault:secret/connectors/${draft.name}:password}`,
    },
  });

  await expect(removeDatabase(stack.deps, engineer, { id, version: 1 })).rejects.toMatchObject({
    code: "precondition_failed",
    message: expect.stringContaining(name),
  });
  expect(await getDatabase(stack.deps, engineer, { id })).toMatchObject({
    usedBy: [{ name, type: "source" }],
  });

  await stack.deps.db
    .update(observedConnectors)
    .set({ removedAt: new Date() })
    .where(eq(observedConnectors.name, name));
  await removeDatabase(stack.deps, engineer, { id, version: 1 });

  await expect(getDatabase(stack.deps, engineer, { id })).rejects.toMatchObject({ code: "not_found" });
  expect((await auditOf(id)).map(({ action }) => action)).toEqual(["database.register", "database.remove"]);
});

test("the list is filtered and sorted", async () => {
  const target = aDraft({ role: "target" });
  const source = aDraft({ role: "source" });
  await registerDatabase(stack.deps, engineer, target);
  await registerDatabase(stack.deps, engineer, source);
  const names = async (over: Partial<typeof page>) =>
    (await listDatabases(stack.deps, an("viewer"), { ...page, ...over })).rows.map(({ name }) => name);

  expect(await names({ filter: `role:target ${target.name}` })).toEqual([target.name]);
  expect(await names({ filter: `-role:target ${target.name}` })).toEqual([]);
  const all = await names({});
  expect(await names({ sort: "-name" })).toEqual([...all].reverse());
});
