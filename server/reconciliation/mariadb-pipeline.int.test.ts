import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildJdbcSink, defaultJdbcSink } from "#domain/connectors/jdbc-sink.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import { DatabaseDraft } from "#domain/databases/schema.ts";
import { planComparison } from "#domain/reconciliation/engine/plan-comparison.ts";
import { clusterFacts } from "#server/connectors/cluster-policy.ts";
import { proposeCreate } from "#server/connectors/propose-create.ts";
import { CLUSTER, cleanUp, runPlan, sql } from "#server/connectors/testing/lab-pipeline.ts";
import { validateConfig } from "#server/connectors/validate-config.ts";
import { registerDatabase } from "#server/databases/register-database.ts";
import { requireDatabase } from "#server/databases/registered-database.ts";
import { readReadonlyCredential } from "#server/databases/with-readonly-connection.ts";
import { openReadonly } from "#server/mariadb/connection.ts";
import { type MariadbSource, startMariadbSource } from "#server/testing/mariadb-source.ts";
import { an, readLabFile, type Stack, startStack, uniqueName } from "#server/testing/stack.ts";
import { compareTable, type Difference } from "./engine/compare-table.ts";
import { mariadbSide } from "./engine/mariadb-side.ts";
import { pipelineGate } from "./engine/pipeline-gate.ts";
import { postgresSide } from "./engine/postgres-side.ts";
import { mariadbPosition } from "./mariadb-position.ts";

/** Every type of MariaDB that reaches the target in a form that can be compared, on its way through Debezium and the sink. */
const TABLES = `
create table things (
  id bigint unsigned primary key auto_increment, small tinyint, flag tinyint(1), many int unsigned, big bigint unsigned,
  amount decimal(12, 4), ratio double, half float, name varchar(60), code char(6), note text, kind enum('a', 'b'), tags set('x', 'y', 'z'),
  raw varbinary(16), fixed binary(4), bits bit(8), one bit(1), made year, day date, at_time time(6), moment datetime(6), stamp timestamp(6) null,
  doc json, zero date, zeros datetime not null default '0000-00-00 00:00:00'
);
create table lines (
  account varchar(20) collate utf8mb4_general_ci, line_no smallint, amount decimal(10, 3), note text, primary key (account, line_no)
)`.replace("create table lines", "create table line_items");

const ROWS = 1_000;
const FILL = `
set session sql_mode = 'NO_UNSIGNED_SUBTRACTION';
insert into things (small, flag, many, big, amount, ratio, half, name, code, note, kind, tags, raw, fixed, bits, one, made, day, at_time, moment, stamp, doc, zero, zeros)
select seq mod 120 - 60, seq mod 2, seq * 4000000, 9223372036854775807 + seq * 1000003, seq / 7, seq / 3e0, seq / 10, concat('Näme ', seq), concat('c', seq mod 9),
       elt(1 + seq mod 4, null, '', 'NULL', 'tail '), elt(1 + seq mod 2, 'a', 'b'), elt(1 + seq mod 3, 'x', 'x,z', ''),
       unhex(lpad(hex(seq), 8, '0')), unhex('6100'), seq mod 256, seq mod 2, 1990 + seq mod 50, date_add('1965-01-01', interval seq day),
       sec_to_time(seq mod 86000 + seq / 1e6), timestampadd(microsecond, seq * 1000001, '1969-12-31 23:59:00'), timestampadd(microsecond, seq * 7, '2026-03-29 01:59:59'),
       json_object('b', seq, 'a', 'x'), if(seq mod 2, '0000-00-00', null), if(seq mod 3, '0000-00-00 00:00:00', '2026-01-01 10:00:00')
from seq_1_to_${ROWS};
insert into line_items select concat('Acc', seq div 3), seq mod 3, seq / 8, concat('line ', seq) from seq_1_to_300`;

let stack: Stack;
let source: MariadbSource;
const name = uniqueName("maria");
const [sourceName, sinkName] = [`${name}-source`, `${name}-sink`];
const schema = name.replaceAll("-", "_");
const engineer = an("admin", "ada");

beforeAll(async () => {
  [stack, source] = await Promise.all([startStack(), startMariadbSource()]);
  await source.admin.query(TABLES);
  await source.admin.query(FILL);
  await sql("warehouse", `create schema "${schema}"`);
  await sql("warehouse", `grant usage, create on schema "${schema}" to warehouse_connector`);
});
afterAll(async () => {
  await cleanUp(stack.deps, [sourceName, sinkName, name], [schema]);
  await source.stop();
  await stack.stop();
});

function sourceConfig(): ConnectorConfig {
  const facts = clusterFacts(stack.deps.cluster(CLUSTER));
  return {
    "connector.class": "io.debezium.connector.mariadb.MariaDbConnector",
    "tasks.max": "1",
    "database.hostname": source.host,
    "database.port": String(source.port),
    "database.user": `\${vault:secret/${source.paths.connector}:username}`,
    "database.password": `\${vault:secret/${source.paths.connector}:password}`,
    "database.ssl.mode": "disable",
    "database.server.id": String(Math.floor(1_000_000 + Math.random() * 1_000_000)),
    "topic.prefix": name,
    "database.include.list": source.name,
    "table.include.list": `${source.name}.things,${source.name}.line_items`,
    "schema.history.internal.kafka.bootstrap.servers": facts.brokers.join(","),
    "schema.history.internal.kafka.topic": `${name}-history`,
    "schema.name.adjustment.mode": "avro",
    "bigint.unsigned.handling.mode": "precise",
    "include.schema.changes": "false",
    "heartbeat.interval.ms": "500",
    "connect.keep.alive.interval.ms": "1000",
    "topic.creation.default.partitions": "2",
    "topic.creation.default.replication.factor": "1",
  };
}

function sinkConfig(): ConnectorConfig {
  const target = readLabFile<{ postgres: { target: { host: string; port: number } } }>("endpoints.json")
    .postgres.target;
  return buildJdbcSink(
    {
      ...defaultJdbcSink(sinkName),
      topics: [`${name}.${source.name}.things`, `${name}.${source.name}.line_items`],
      naming: { kind: "custom", format: `${schema}.\${source.table}` },
    },
    {
      ...target,
      database: "warehouse",
      tls: "disable",
      userReference: "${vault:secret/connectors/warehouse:username}",
      passwordReference: "${vault:secret/connectors/warehouse:password}",
    },
    clusterFacts(stack.deps.cluster(CLUSTER)),
  );
}

async function create(connector: string, config: ConnectorConfig) {
  const { planId } = await proposeCreate(stack.deps, engineer, {
    cluster: CLUSTER,
    name: connector,
    config,
    note: "",
  });
  expect(await runPlan(stack.deps, engineer, planId, { reason: "test" })).toMatchObject({ end: "succeeded" });
}

async function compare(table: string) {
  const { id } = (await stack.deps.pool.query<{ id: string }>("select id from databases limit 1"))
    .rows[0] ?? {
    id: "",
  };
  const database = await requireDatabase(stack.deps.db, id);
  const signal = new AbortController().signal;
  const from = mariadbSide({
    table: { schema: source.name, name: table },
    connect: async () => openReadonly(database, await readReadonlyCredential(stack.deps, database)),
  });
  const urls = readLabFile<Record<string, string>>("secrets/admin-urls.json");
  const to = postgresSide({
    table: { schema, name: table },
    connect: async () => {
      const client = new pg.Client({ connectionString: urls.warehouse });
      await client.connect();
      return client;
    },
  });
  const comparison = planComparison(await from.describe(signal), await to.describe(signal));
  const differences: Difference[] = [];
  const result = await compareTable({
    source: from,
    target: to,
    comparison,
    gate: pipelineGate({
      position: mariadbPosition(stack.deps, { cluster: CLUSTER, connector: sourceName, database }),
      kafka: stack.deps.kafka(CLUSTER),
      topic: `${name}.${source.name}.${table}`,
      group: `connect-${sinkName}`,
      explainDelay: async () => undefined,
    }),
    method: "checksum",
    coverage: { kind: "full" },
    limits: {
      statementTimeoutMs: 30_000,
      sliceMs: 5_000,
      maxRowsPerSecond: undefined,
      gateTimeoutMs: 30_000,
      maxRounds: 8,
      maxSuspects: 100_000,
    },
    resumeFrom: undefined,
    expectedDrift: undefined,
    signal,
    onDifferences: async (found) => void differences.push(...found),
    onCheckpoint: async () => undefined,
    onProgress: () => undefined,
  });
  return { result, comparison, differences };
}

const targetCount = async (table: string) =>
  Number(
    (
      await sql<{ n: string }>("warehouse", `select count(*) as n from "${schema}"."${table}"`).catch(() => [
        { n: "0" },
      ])
    )[0]?.n,
  );

test("Debezium's MariaDB connector passes the policy gate, and is created like any other", async () => {
  await registerDatabase(stack.deps, engineer, DatabaseDraft.parse(source.draft()));

  const { findings } = await validateConfig(stack.deps, engineer, {
    cluster: CLUSTER,
    name: sourceName,
    config: sourceConfig(),
    exists: false,
  });
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  await create(sourceName, sourceConfig());
  await create(sinkName, sinkConfig());

  await expect.poll(() => targetCount("things"), { timeout: 120_000, interval: 500 }).toBe(ROWS);
  await expect.poll(() => targetCount("line_items"), { timeout: 60_000, interval: 500 }).toBe(300);
}, 240_000);

test("what the sink wrote of each type equals its source", async () => {
  const { result, comparison, differences } = await compare("things");

  expect(result).toMatchObject({ outcome: "verified", hash: "sha256", unchecked: [] });
  expect(comparison.columns).toHaveLength(25);
  expect(differences).toEqual([]);
  expect((await compare("line_items")).differences).toEqual([]);
}, 120_000);

test("so does what came through the log: inserts, updates and deletes of every type", async () => {
  await source.admin.query(FILL.replaceAll("'Acc'", "'Log'"));
  await source.admin.query(
    `update things set note = concat(ifnull(note, ''), ' '), amount = -amount, zero = '0000-00-00', zeros = '0000-00-00', moment = '2026-01-02 03:04:05.000006' where id mod 3 = 0;
     delete from things where id mod 10 = 7;
     update line_items set note = upper(note) where line_no = 1`,
  );

  const { result, differences } = await compare("things");
  expect(differences).toEqual([]);
  expect(result).toMatchObject({ outcome: "verified", rows: { source: ROWS * 1.8 } });
  expect((await compare("line_items")).differences).toEqual([]);
}, 120_000);

test("planted differences are found exactly while the source is written to", async () => {
  // A table nobody captures: the connector's position moves on with its heartbeat alone.
  await source.admin.query("create table unseen (id int)");
  const at = `"${schema}"`;
  await sql("warehouse", `update ${at}.things set note = 'NULL' where id = 4`);
  await sql("warehouse", `update ${at}.things set amount = amount + 0.0001 where id = 11`);
  await sql("warehouse", `delete from ${at}.things where id = 22`);
  await sql("warehouse", `update ${at}.things set id = 900000 where id = 33`);
  await sql(
    "warehouse",
    `update ${at}.line_items set account = lower(account) where account = 'Acc5' and line_no = 1`,
  );
  const stopping = new AbortController();
  const writer = writeUntil(stopping.signal);
  try {
    const { result, differences } = await compare("things");
    const lines = await compare("line_items");

    expect(result).toMatchObject({ outcome: "verified", reason: undefined, unstable: { count: 0 } });
    expect(differences.map(({ key, kind, columns }) => [key, kind, columns]).sort()).toEqual([
      ["11", "value_mismatch", ["amount"]],
      ["22", "missing_in_target", []],
      ["33", "missing_in_target", []],
      ["4", "value_mismatch", ["note"]],
      ["900000", "missing_in_source", []],
    ]);
    expect(lines.differences.map(({ keyValues, kind }) => [...keyValues, kind])).toEqual(
      expect.arrayContaining([
        ["Acc5", "1", "missing_in_target"],
        ["acc5", "1", "missing_in_source"],
      ]),
    );
    expect(lines.differences).toHaveLength(2);
  } finally {
    stopping.abort();
    expect(await writer).toBeGreaterThan(10);
  }
}, 180_000);

test("after the writer has stopped, an idle source is compared just as well", async () => {
  await source.admin.query("insert into unseen values (1)");

  const { result, differences } = await compare("things");

  expect(result).toMatchObject({ outcome: "verified", reason: undefined });
  expect(differences.map(({ key }) => key).sort()).toEqual(["11", "22", "33", "4", "900000"]);
}, 180_000);

/** Rows the planted differences are not on, one transaction after the other; how many there were. */
async function writeUntil(signal: AbortSignal): Promise<number> {
  let written = 0;
  while (!signal.aborted) {
    await source.admin.query(
      `update things set note = concat('w', ${written}), many = many + 1 where id > 50 and id mod 40 = ${written % 40};
       insert into unseen values (${written})`,
    );
    written += 1;
    // A living source, not a flood the sink could never drain.
    await pause(50, undefined, { signal }).catch(() => undefined);
  }
  return written;
}
