import pg from "pg";
import { planComparison, type SinkMapping } from "#domain/reconciliation/engine/plan-comparison.ts";
import { readLabFile } from "#server/testing/stack.ts";
import { type CompareInput, type CompareResult, compareTable, type Difference } from "../compare-table.ts";
import { settledGate } from "../position-gate.ts";
import { postgresSide } from "../postgres-side.ts";
import type { TableSide } from "../side.ts";

export interface TwoDatabases {
  source: pg.Client;
  target: pg.Client;
  urls: { source: URL; target: URL };
  side(end: "source" | "target", table: string): TableSide;
  stop(): Promise<void>;
}

/** A database of its own on the lab's source server and one on its target server. */
export async function startTwoDatabases(): Promise<TwoDatabases> {
  const admin = readLabFile<{ shop: string; warehouse: string }>("secrets/admin-urls.json");
  const name = `hg_rec_${process.pid}_${Math.random().toString(36).slice(2, 8)}`;
  const urls = { source: new URL(admin.shop), target: new URL(admin.warehouse) };
  await onServer(admin.shop, `create database ${name}`);
  await onServer(admin.warehouse, `create database ${name}`);
  urls.source.pathname = `/${name}`;
  urls.target.pathname = `/${name}`;
  const [source, target] = await Promise.all([connect(urls.source), connect(urls.target)]);
  return {
    source,
    target,
    urls,
    side: (end, table) =>
      postgresSide({ table: { schema: "public", name: table }, connect: () => connect(urls[end]) }),
    async stop() {
      await Promise.all([source.end(), target.end()]);
      await onServer(admin.shop, `drop database if exists ${name} with (force)`);
      await onServer(admin.warehouse, `drop database if exists ${name} with (force)`);
    },
  };
}

async function connect(url: URL): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url.href });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = await connect(new URL(url));
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export type Compared = CompareResult & { differences: Difference[]; checkpoints: unknown[] };

/** Compares a table that has the same name on both ends, with everything optional. */
export async function compareTwo(
  ends: { source: TableSide; target: TableSide },
  over: Partial<CompareInput> & { mapping?: SinkMapping } = {},
): Promise<Compared> {
  const { mapping, ...input } = over;
  const signal = input.signal ?? new AbortController().signal;
  const differences: Difference[] = [];
  const checkpoints: unknown[] = [];
  const comparison =
    input.comparison ??
    planComparison(await ends.source.describe(signal), await ends.target.describe(signal), mapping);
  const result = await compareTable({
    ...ends,
    comparison,
    gate: settledGate,
    method: "checksum",
    coverage: { kind: "full" },
    limits: QUICK_LIMITS,
    resumeFrom: undefined,
    expectedDrift: undefined,
    signal,
    onDifferences: async (found) => {
      differences.push(...found);
    },
    onCheckpoint: async (checkpoint) => {
      checkpoints.push(checkpoint);
    },
    onProgress: () => undefined,
    ...input,
  });
  return { ...result, differences, checkpoints };
}

export const QUICK_LIMITS = {
  statementTimeoutMs: 60_000,
  sliceMs: 5_000,
  maxRowsPerSecond: undefined,
  gateTimeoutMs: 60_000,
  maxRounds: 12,
  maxSuspects: 100_000,
};

export function shown(differences: readonly Difference[]): string[] {
  return differences.map(({ kind, key }) => `${kind} ${key}`).sort();
}
