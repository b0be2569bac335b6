import pg from "pg";
import { planComparison } from "#domain/reconciliation/engine/plan-comparison.ts";
import {
  type CompareInput,
  type CompareResult,
  compareTable,
  type Difference,
} from "#server/reconciliation/engine/compare-table.ts";
import { settledGate } from "#server/reconciliation/engine/position-gate.ts";
import { postgresSide } from "#server/reconciliation/engine/postgres-side.ts";
import type { TableSide } from "#server/reconciliation/engine/side.ts";
import { readLabFile } from "#server/testing/stack.ts";

export interface Pair {
  source: string;
  target: string;
  drop(): Promise<void>;
}

/** A database on the lab's source server and one on its target server. */
export async function createPair(): Promise<Pair> {
  const admin = readLabFile<{ shop: string; warehouse: string }>("secrets/admin-urls.json");
  const name = `hg_bench_${Date.now().toString(36)}`;
  const [source, target] = [new URL(admin.shop), new URL(admin.warehouse)];
  source.pathname = target.pathname = `/${name}`;
  for (const server of [admin.shop, admin.warehouse]) await run(server, `create database ${name}`);
  return {
    source: source.href,
    target: target.href,
    async drop() {
      for (const server of [admin.shop, admin.warehouse])
        await run(server, `drop database if exists ${name} with (force)`);
    },
  };
}

export async function run(url: string, ...statements: string[]): Promise<pg.QueryResult> {
  const client = await connect(url);
  try {
    let last = await client.query("select 1");
    for (const statement of statements) last = await client.query(statement);
    return last;
  } finally {
    await client.end();
  }
}

/** Eight columns, about 150 bytes a row, the same on both ends. */
export async function fill({ source, target }: Pair, table: string, rows: number): Promise<void> {
  await Promise.all(
    [source, target].map((url) =>
      run(
        url,
        `create table ${table} (id bigint, n int, code varchar(16), amount numeric(12,2), email text, ok boolean, at timestamptz, body text)`,
        `insert into ${table} select i, hashint8(i) & 1048575, 'c' || i % 5000, (i % 1000000) / 100.0,
           case when i % 16 = 0 then null else 'user' || i || '@example.com' end, i % 3 = 0,
           timestamptz '2026-01-01' + i * interval '1.000123 second', repeat(md5(i::text), 2) from generate_series(1, ${rows}) i`,
        `alter table ${table} add primary key (id)`,
        `vacuum (freeze, analyze) ${table}`,
        "checkpoint",
      ),
    ),
  );
}

/**
 * Differences of every kind, spread over the whole table: a third changed, a third gone, a third more. Rounds of another parity
 * never meet the same rows.
 */
export async function plant(
  { target }: Pair,
  table: string,
  rows: number,
  { wanted, parity }: { wanted: number; parity: 0 | 1 },
): Promise<void> {
  const extra = Math.floor(wanted / 3);
  const inside = wanted - extra;
  const changed = Math.ceil(inside / 2);
  const step = Math.floor(rows / (inside + 1) / 2) * 2;
  const ids = (condition: string) =>
    `select i::bigint * ${step} - ${parity} from generate_series(1, ${inside}) i where ${condition}`;
  await run(
    target,
    `update ${table} set amount = amount + 1 where id in (${ids(`i % 2 = 1 and i < ${2 * changed}`)})`,
    `delete from ${table} where id in (${ids("i % 2 = 0")})`,
    `insert into ${table} select ${rows} + i * 4 + ${parity}, 1, 'extra', 1, null, true, now(), 'x' from generate_series(1, ${extra}) i`,
    `vacuum (freeze, analyze) ${table}`,
    "checkpoint",
  );
}

export function side(url: string, table: string): TableSide {
  return postgresSide({ table: { schema: "public", name: table }, connect: () => connect(url) });
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

export const LIMITS: CompareInput["limits"] = {
  statementTimeoutMs: 300_000,
  sliceMs: 5_000,
  maxRowsPerSecond: undefined,
  gateTimeoutMs: 300_000,
  maxRounds: 5,
  maxSuspects: 100_000,
};

/** Compares as the worker does; nothing is on its way unless a gate says so. */
export async function compare(
  ends: { source: TableSide; target: TableSide },
  over: Partial<CompareInput> = {},
): Promise<CompareResult & { differences: Difference[] }> {
  const signal = new AbortController().signal;
  const [source, target] = await Promise.all([ends.source.describe(signal), ends.target.describe(signal)]);
  const differences: Difference[] = [];
  const result = await compareTable({
    ...ends,
    comparison: planComparison(source, target),
    gate: settledGate,
    method: "checksum",
    coverage: { kind: "full" },
    limits: LIMITS,
    resumeFrom: undefined,
    expectedDrift: undefined,
    signal,
    onDifferences: async (found) => {
      differences.push(...found);
    },
    onCheckpoint: async () => undefined,
    onProgress: () => undefined,
    ...over,
  });
  return { ...result, differences };
}
