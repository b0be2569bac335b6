import { afterAll, beforeAll, expect, test } from "vitest";
import { auditEntries } from "#db/schema/audit.ts";
import { DatabaseDraft } from "#domain/databases/schema.ts";
import { shopSource, sql, warehouseSink } from "#server/connectors/testing/lab-pipeline.ts";
import { registerDatabase } from "#server/databases/register-database.ts";
import { errorHeaders, startTestKafka, type TestKafka } from "#server/testing/dead-letters.ts";
import { indexTopic } from "#server/testing/indexed-letters.ts";
import { storeObserved } from "#server/testing/observed-connector.ts";
import { an, readLabFile, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { getRecordContext, revealRecordContext } from "./record-context.ts";

let stack: Stack;
let kafka: TestKafka;
const prefix = uniqueName("cx-shop");
const sink = uniqueName("cx-sink");
const table = `context_${prefix.replaceAll("-", "_")}`;
const schema = sink.replaceAll("-", "_");
const topic = `${prefix}.public.${table}`;
const dlq = `dlq-${sink}`;
const viewer = an("viewer", "vera");
const engineer = an("engineer", "ada");
const ids: Record<number, number> = {};

beforeAll(async () => {
  [stack, kafka] = await Promise.all([startStack(), startTestKafka()]);
  await sql("shop", `create table public.${table} (id int primary key, name text, amount numeric(10,2))`);
  await sql("warehouse", `create schema "${schema}"`);
  await sql(
    "warehouse",
    `create table "${schema}".${table} (id int primary key, name text, amount numeric(10,2))`,
  );
  await sql(
    "shop",
    `insert into public.${table} values (1, 'canary-new', 1.50), (2, 'same', 2), (3, 'absent', 3)`,
  );
  await sql("warehouse", `insert into "${schema}".${table} values (1, 'canary-old', 1.5), (2, 'same', 2)`);
  await sql("warehouse", `grant usage on schema "${schema}" to warehouse_readonly`);
  await sql("warehouse", `grant select on "${schema}".${table} to warehouse_readonly`);
  await sql("shop", `grant select on public.${table} to shop_readonly`);
  await storeObserved(stack.deps, {
    name: prefix,
    type: "source",
    config: shopSource(stack.deps, prefix, [table]),
  });
  await storeObserved(stack.deps, {
    name: sink,
    type: "sink",
    config: warehouseSink(stack.deps, sink, schema, [topic]),
  });
  await kafka.createTopic(topic);
  await kafka.createTopic(dlq);
  const event = (id: number, name: string) => ({
    key: JSON.stringify({ id }),
    value: JSON.stringify({
      before: null,
      after: { id, name, amount: "1.50" },
      source: { schema: "public", table, db: "shop", ts_ms: 1 },
      op: "u",
    }),
  });
  await kafka.produce(topic, [
    event(1, "canary-failed"),
    event(2, "same"),
    event(3, "absent"),
    event(1, "canary-new"),
    event(9, "nowhere"),
  ]);
  const letters = [event(1, "canary-failed"), event(2, "same"), event(3, "absent")];
  await kafka.produce(
    dlq,
    [...letters, event(9, "nowhere")].map((message, index) => ({
      ...message,
      headers: errorHeaders({ topic, offset: index === 3 ? 4 : index, connector: sink }),
    })),
  );
  await indexTopic(stack, kafka, dlq, 4);
  const { rows } = await stack.deps.pool.query<{ id: string; key_text: string }>(
    "select id, key_text from dead_letters",
  );
  for (const row of rows) ids[Number(row.key_text.replace("id=", ""))] = Number(row.id);
});

afterAll(async () => {
  await sql("shop", `drop table if exists public.${table}`);
  await sql("warehouse", `drop schema if exists "${schema}" cascade`);
  await kafka.stop();
  await stack.stop();
});

async function register(role: "source" | "target", over: { port?: number } = {}): Promise<void> {
  const { postgres } = readLabFile<{
    postgres: Record<"source" | "target", { host: string; port: number }>;
  }>("endpoints.json");
  const database = role === "source" ? "shop" : "warehouse";
  await registerDatabase(
    stack.deps,
    engineer,
    DatabaseDraft.parse({
      name: uniqueName(database),
      engine: "postgresql",
      host: "127.0.0.1",
      port: over.port ?? postgres[role].port,
      databaseName: database,
      tlsMode: "disable",
      cluster: "lab",
      role,
      connectorUserRef: `vault://secret/connectors/${database}#username`,
      connectorPasswordRef: `vault://secret/connectors/${database}#password`,
      readonlyUserRef: `vault://secret/headgate/${database}#username`,
      readonlyPasswordRef: `vault://secret/headgate/${database}#password`,
    }),
  );
}

const idOf = (key: number) => ({ id: ids[key] ?? 0 });

test("without registered databases it says so, and still tells of later events", async () => {
  const context = await getRecordContext(stack.deps, viewer, idOf(1));

  expect(context.source).toMatchObject({
    state: "unknown",
    problem: expect.stringContaining("not registered"),
  });
  expect(context.target).toMatchObject({
    state: "unknown",
    problem: expect.stringContaining("not registered"),
  });
  expect(context.conclusion.kind).toBe("unknown");
  expect(context.later).toMatchObject({
    scan: "complete",
    events: [{ offset: 3, op: "u", delivered: null, deadLetterId: null }],
  });
});

test("the row now in source and target beside the failed event, without values", async () => {
  await register("source");
  await register("target");

  const context = await getRecordContext(stack.deps, viewer, idOf(1));

  expect(context).toMatchObject({
    event: { state: "read" },
    source: { state: "found", table: `public.${table}` },
    target: { state: "found", table: `${schema}.${table}` },
    conclusion: { kind: "differs", text: expect.stringContaining("name") },
    revealed: false,
  });
  expect(context.columns).toMatchObject([
    { name: "id", isKey: true, source: { text: "1" }, target: { text: "1" }, targetAgrees: "same" },
    { name: "name", source: { text: null, hidden: true }, targetAgrees: "differs", eventAgrees: "differs" },
    { name: "amount", target: { text: null, hidden: true }, targetAgrees: "same", eventAgrees: "same" },
  ]);
  expect(JSON.stringify(context)).not.toContain("canary");
  expect((await getRecordContext(stack.deps, viewer, idOf(2))).conclusion.kind).toBe("equal");
  expect((await getRecordContext(stack.deps, viewer, idOf(3))).conclusion.kind).toBe("only_source");
  expect((await getRecordContext(stack.deps, viewer, idOf(9))).conclusion.kind).toBe("gone");
});

test("values are for those who may reveal them, and each look is in the trail", async () => {
  await expect(revealRecordContext(stack.deps, an("operator"), idOf(1))).rejects.toMatchObject({
    code: "forbidden",
  });

  const context = await revealRecordContext(stack.deps, engineer, idOf(1));

  expect(context.columns[1]).toMatchObject({
    event: { text: "canary-failed" },
    source: { text: "canary-new" },
    target: { text: "canary-old" },
  });
  const entries = await stack.deps.db.select().from(auditEntries);
  expect(
    entries.filter((entry) => entry.action === "dead-letter.reveal" && entry.outcome === "succeeded"),
  ).toHaveLength(1);
  expect(JSON.stringify(entries)).not.toContain("canary");
});

test("a key that does not fit the column is a reason without the key", async () => {
  const value = JSON.stringify({ op: "c", after: {}, source: { schema: "public", table } });
  await kafka.produce(dlq, [
    {
      key: JSON.stringify({ id: "canary-key" }),
      value,
      headers: errorHeaders({ topic, offset: 9, connector: sink }),
    },
  ]);
  await indexTopic(stack, kafka, dlq, 5);
  const { rows } = await stack.deps.pool.query<{ id: string }>(
    "select id from dead_letters where original_offset = 9",
  );

  const context = await getRecordContext(stack.deps, viewer, { id: Number(rows[0]?.id) });

  expect(context.source).toMatchObject({ state: "unknown", problem: expect.stringContaining("refused") });
  expect(JSON.stringify(context)).not.toContain("canary");
});

test("an unreachable database is told as such, and the other one is still read", async () => {
  await stack.deps.pool.query("update databases set port = 1 where role = 'target'");
  await stack.deps.readonlyPools.closeAll();

  const context = await getRecordContext(stack.deps, viewer, idOf(1));

  expect(context.source.state).toBe("found");
  expect(context.target).toMatchObject({
    state: "unknown",
    problem: expect.stringContaining("was not read"),
  });
});
