import { randomUUID } from "node:crypto";
import {
  reconciliationDiscrepancies,
  reconciliationRuns,
  reconciliationTables,
} from "#db/schema/reconciliation.ts";
import type { PartResult } from "#domain/reconciliation/run.ts";
import { DEFAULT_SETTINGS } from "#domain/reconciliation/schema.ts";
import type { Deps } from "#server/deps.ts";
import { an, uniqueName } from "#server/testing/stack.ts";
import type { CheckWork } from "../check-lease.ts";
import { hashOfKey } from "../check-parts.ts";
import type { Completion } from "../finish-check.ts";
import type { StoredTable } from "../stored-table.ts";

/** A table as a check left it, without a pipeline behind it. */
export async function storeTable(
  { db, now }: Pick<Deps, "db" | "now">,
  over: Partial<StoredTable> = {},
): Promise<StoredTable> {
  const name = uniqueName("orders");
  const [table] = await db
    .insert(reconciliationTables)
    .values({
      cluster: "lab",
      source: "shop",
      name,
      topic: name,
      sink: "sink",
      target: name,
      settings: DEFAULT_SETTINGS,
      foundAt: now(),
      ...over,
    })
    .returning();
  if (!table) throw new Error("The table was not stored");
  return table;
}

/** A run in the hands of its worker, who has looked at everything and writes what it came to. */
export async function storeRun(
  deps: Deps,
  tableId: number,
  over: Partial<typeof reconciliationRuns.$inferInsert> = {},
): Promise<CheckWork> {
  const lease = { runId: randomUUID(), token: randomUUID() };
  const at = deps.now();
  const [run] = await deps.db
    .insert(reconciliationRuns)
    .values({
      id: lease.runId,
      tableId,
      scope: "full",
      method: "checksum",
      trigger: "schedule",
      state: "RUNNING",
      requestedBy: an("operator"),
      queuedAt: at,
      startedAt: at,
      leaseToken: lease.token,
      leaseUntil: new Date(at.getTime() + 600_000),
      ...over,
    })
    .returning();
  if (!run) throw new Error("The run was not stored");
  return { deps, lease, run, signal: new AbortController().signal, gateTimeoutMs: 1_000 };
}

/** Rows that an earlier check saw differ. */
export async function storeOpenRows(
  { db }: Pick<Deps, "db">,
  tableId: number,
  keys: readonly (number | bigint)[],
  over: Partial<typeof reconciliationDiscrepancies.$inferInsert> = {},
): Promise<void> {
  const earlier = new Date("2026-01-01T00:00:00Z");
  const runId = randomUUID();
  await db.insert(reconciliationDiscrepancies).values(
    keys.map((key) => ({
      tableId,
      keyHash: hashOfKey(`${key}`),
      engineKey: `${key}`,
      key: { id: typeof key === "bigint" ? `${key}` : key },
      keyText: `id=${key}`,
      type: "missing_in_target" as const,
      columns: [],
      cause: "unexplained" as const,
      state: "open" as const,
      firstSeen: earlier,
      lastSeen: earlier,
      firstRunId: runId,
      lastRunId: runId,
      ...over,
    })),
  );
}

/** What one part of a run found. */
export function partOf(over: Partial<PartResult> = {}): PartResult {
  return {
    sourceRows: 1_000,
    targetRows: 1_000,
    comparedKeys: 1_000,
    missingInTarget: 0,
    missingInSource: 0,
    valueMismatch: 0,
    inFlight: 0,
    unstable: 0,
    unstableKeys: [],
    rowsRead: 2_000,
    bytes: 0,
    sourceCpuMs: null,
    durationMs: 1,
    statements: 2,
    sourceChecksum: null,
    targetChecksum: null,
    verifiedThrough: "0/1",
    interval: null,
    ...over,
  };
}

export function verified(...done: readonly PartResult[]): Completion {
  return {
    outcome: "verified",
    done,
    unchecked: [],
    touchedThrough: { "0": 1 },
    sourceDatabase: "shop",
    targetDatabase: "warehouse",
  };
}
