import mysql from "mysql2/promise";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { planComparison } from "#domain/reconciliation/engine/plan-comparison.ts";
import { type MariadbSource, startMariadbSource } from "#server/testing/mariadb-source.ts";
import { type SourceDatabase, startSourceDatabase } from "#server/testing/source-database.ts";
import { type CompareResult, compareTable, type Difference } from "./compare-table.ts";
import { mariadbSide } from "./mariadb-side.ts";
import { settledGate } from "./position-gate.ts";
import { postgresSide } from "./postgres-side.ts";
import type { TableSide } from "./side.ts";
import { type SourceEngine, tortureCases } from "./testing/torture-cases.ts";

let postgres: SourceDatabase;
let mariadb: MariadbSource;
beforeAll(async () => {
  [postgres, mariadb] = await Promise.all([startSourceDatabase(), startMariadbSource()]);
  await mariadb.admin.query("set session sql_mode = ''");
  await postgres.admin.query(
    "create schema there; alter default privileges grant select on tables to public",
  );
  await postgres.admin.query(`grant usage on schema there to ${postgres.readonly.user}`);
});
afterAll(async () => {
  await Promise.all([postgres.stop(), mariadb.stop()]);
});

const signal = new AbortController().signal;

function postgresTable(schema: string, name: string): TableSide {
  return postgresSide({
    table: { schema, name },
    connect: async () => {
      const { host, port, readonly } = postgres;
      const client = new pg.Client({ host, port, database: postgres.name, ...readonly });
      await client.connect();
      return client;
    },
  });
}

function mariadbTable(name: string): TableSide {
  return mariadbSide({
    table: { schema: mariadb.name, name },
    connect: () =>
      mysql.createConnection({
        host: mariadb.host,
        port: mariadb.port,
        ...mariadb.readonly,
        supportBigNumbers: true,
        bigNumberStrings: true,
        dateStrings: true,
        jsonStrings: true,
      }),
  });
}

async function compare(source: TableSide, target: TableSide) {
  const differences: Difference[] = [];
  const comparison = planComparison(await source.describe(signal), await target.describe(signal));
  const result: CompareResult = await compareTable({
    source,
    target,
    comparison,
    gate: settledGate,
    method: "checksum",
    coverage: { kind: "full" },
    limits: {
      statementTimeoutMs: 30_000,
      sliceMs: 5_000,
      maxRowsPerSecond: undefined,
      gateTimeoutMs: 5_000,
      maxRounds: 5,
      maxSuspects: 100_000,
    },
    resumeFrom: undefined,
    expectedDrift: undefined,
    signal,
    onDifferences: async (found) => void differences.push(...found),
    onCheckpoint: async () => undefined,
    onProgress: () => undefined,
  });
  return { result, differences };
}

const casesOf = (engine: SourceEngine) =>
  tortureCases.flatMap((given, index) => {
    const source = given.source[engine];
    return source ? [{ ...given, source, table: `c${index}` }] : [];
  });

test("there are enough cases for each pair of engines", () => {
  expect(casesOf("postgresql").length).toBeGreaterThanOrEqual(40);
  expect(casesOf("mariadb").length).toBeGreaterThanOrEqual(60);
});

describe("PostgreSQL to PostgreSQL", () => {
  test.each(casesOf("postgresql"))("$name", async ({ table, source, target, differences }) => {
    await fill(`p${table}`, source, `p${table}`, target);

    const found = await compare(postgresTable("public", `p${table}`), postgresTable("there", `p${table}`));

    expect(found.differences.map(({ key }) => key).sort()).toEqual([...differences]);
    expect(found.result).toMatchObject({ outcome: "verified", hash: "native", unchecked: [] });
  });

  async function fill(
    own: string,
    source: { columns: string; rows: string },
    there: string,
    target: { columns: string; rows: string },
  ) {
    await postgres.admin.query(`create table public.${own} (${source.columns})`);
    if (source.rows) await postgres.admin.query(`insert into public.${own} values ${source.rows}`);
    await fillTarget(there, target);
  }
});

describe("MariaDB to PostgreSQL", () => {
  test.each(casesOf("mariadb"))("$name", async (given) => {
    const { table, source, target, differences, looksDifferent } = given;
    await mariadb.admin.query(`create table ${table} (${source.columns})`);
    if (source.rows) await mariadb.admin.query(`insert into ${table} values ${source.rows}`);
    await fillTarget(`m${table}`, target);

    const found = await compare(mariadbTable(table), postgresTable("there", `m${table}`));

    expect(found.differences.map(({ key }) => key).sort()).toEqual([...differences]);
    expect(found.result).toMatchObject({ outcome: "verified", hash: "sha256", unchecked: [] });
    const { checksums } = found.result;
    expect(checksums?.source === checksums?.target).toBe(differences.length === 0 && !looksDifferent);
  });
});

async function fillTarget(name: string, { columns, rows }: { columns: string; rows: string }) {
  await postgres.admin.query(`create table there.${name} (${columns})`);
  if (rows) await postgres.admin.query(`insert into there.${name} values ${rows}`);
}
