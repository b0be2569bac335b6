import { sql } from "drizzle-orm";
import {
  bigint,
  bigserial,
  boolean,
  customType,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import type { Attribution } from "#domain/reconciliation/attribution.ts";
import type { ReconciliationReport } from "#domain/reconciliation/report.ts";
import type {
  RunCheckpoint,
  RunCost,
  RunCounts,
  RunEstimate,
  RunProgress,
} from "#domain/reconciliation/run.ts";
import type {
  CheckMethod,
  CheckScope,
  CheckTrigger,
  DiscrepancyState,
  DriftCause,
  MismatchType,
  ReasonClass,
  ReconciliationState,
  RowKey,
} from "#domain/reconciliation/schema.ts";
import { TableSettings } from "#domain/reconciliation/schema.ts";
import type { StoredActor } from "./plans.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });
/** JSON knows no dates: what is stored as text comes back as it was saved. */
const tableSettings = customType<{ data: TableSettings; driverData: unknown }>({
  dataType: () => "jsonb",
  toDriver: (settings) => JSON.stringify(settings),
  fromDriver: (stored) => TableSettings.parse(stored),
});
const count = (name: string) => bigint(name, { mode: "number" });

/** What is reconciled: one captured table at one sink, how it is checked, and where it stands. */
export const reconciliationTables = pgTable(
  "reconciliation_tables",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    cluster: text("cluster").notNull(),
    /** The pipeline: its source connector. */
    source: text("source").notNull(),
    /** As the source calls it. */
    name: text("name").notNull(),
    topic: text("topic").notNull(),
    sink: text("sink").notNull(),
    /** As the sink calls it; null: only the running task can tell. */
    target: text("target"),
    /** Registered databases at both ends; null: not registered, so it cannot be read. */
    sourceDatabaseId: uuid("source_database_id"),
    targetDatabaseId: uuid("target_database_id"),
    settings: tableSettings("settings").notNull(),
    /** Counts up with each change of the settings. */
    version: integer("version").notNull().default(1),
    foundAt: moment("found_at").notNull(),
    /** The pipeline no longer carries it; its history stays. */
    goneAt: moment("gone_at"),
    /** When the scheduler starts the next run; null: it has none. */
    nextRunAt: moment("next_run_at"),
    nextFullAt: moment("next_full_at"),
    /** A person confirmed the cost of the first run of a big table, or it was not big. */
    firstRunApprovedAt: moment("first_run_approved_at"),
    /** Why a scheduled run was not started, in one sentence. */
    heldBecause: text("held_because"),
    /** Place of the next cold slice. */
    nextSlice: integer("next_slice").notNull().default(0),
    /** Topic positions up to which touched keys were checked: partition → offset. */
    touchedThrough: jsonb("touched_through").$type<Record<string, number>>(),
    /** The newest finished run, and the newest that compared rows. */
    lastRunId: uuid("last_run_id"),
    lastVerifiedRunId: uuid("last_verified_run_id"),
    /** The newest that compared every value there is to compare; null: the next run reads every row. */
    lastFullRunId: uuid("last_full_run_id"),
    /** Rows of both ends together when last counted. */
    comparedRows: count("compared_rows"),
    /** Open differing rows, kept with every run and every decision. */
    openUnexplained: count("open_unexplained").notNull().default(0),
    openExplained: count("open_explained").notNull().default(0),
    ignored: count("ignored").notNull().default(0),
    /** Differing rows of the last full run that are not kept one by one. */
    countDifference: count("count_difference").notNull().default(0),
    sourceRows: count("source_rows"),
    targetRows: count("target_rows"),
    /** When rows were last really compared, and up to which source position. */
    verifiedAt: moment("verified_at"),
    verifiedThrough: text("verified_through"),
    /** Since when drift has been above the critical threshold. */
    criticalSince: moment("critical_since"),
  },
  (table) => [
    unique("reconciliation_tables_key").on(table.cluster, table.source, table.name, table.sink),
    index("reconciliation_tables_due_idx").on(table.nextRunAt),
  ],
);

/** One comparison of one table. */
export const reconciliationRuns = pgTable(
  "reconciliation_runs",
  {
    id: uuid("id").primaryKey(),
    tableId: count("table_id")
      .notNull()
      .references(() => reconciliationTables.id),
    scope: text("scope").$type<CheckScope>().notNull(),
    method: text("method").$type<CheckMethod>().notNull(),
    trigger: text("trigger").$type<CheckTrigger>().notNull(),
    state: text("state").$type<ReconciliationState>().notNull(),
    /** Where it stands or how it ended, in one sentence without row data. */
    message: text("message"),
    /** COMPLETED runs only: false when the rows could not be judged, e.g. because the sink is behind. */
    isVerified: boolean("is_verified"),
    /** What failed: a side, or Headgate itself. */
    failedAt: text("failed_at").$type<"source" | "target" | "kafka" | "connect" | "headgate" | "aborted">(),
    requestedBy: jsonb("requested_by").$type<StoredActor>().notNull(),
    /** For `keys`: the rows to look at again, as the engine writes keys. */
    keys: jsonb("keys").$type<string[]>(),
    queuedAt: moment("queued_at").notNull(),
    startedAt: moment("started_at"),
    endedAt: moment("ended_at"),
    abortedBy: jsonb("aborted_by").$type<StoredActor>(),
    /** The worker that may write this run now. */
    leaseToken: uuid("lease_token"),
    leaseUntil: moment("lease_until"),
    leaseWorker: text("lease_worker"),
    attempts: integer("attempts").notNull().default(0),
    progress: jsonb("progress").$type<RunProgress>(),
    estimate: jsonb("estimate").$type<RunEstimate>(),
    /** Where the run goes on after a crash. */
    checkpoint: jsonb("checkpoint").$type<RunCheckpoint>(),
    /** Source position everything is proven up to, as that database writes it. */
    verifiedThrough: text("verified_through"),
    /** Share of the table's rows this run compared, 0 to 1. */
    coverage: doublePrecision("coverage"),
    counts: jsonb("counts").$type<RunCounts>(),
    sourceChecksum: text("source_checksum"),
    targetChecksum: text("target_checksum"),
    cost: jsonb("cost").$type<RunCost>(),
    /** Columns that were not compared, each with its reason. */
    unchecked: jsonb("unchecked").$type<{ column: string; reason: string }[]>(),
    /** Of a sample: percent of differing rows with 95 % confidence. */
    interval: jsonb("interval").$type<{ low: number; high: number }>(),
    /** Of the table when the run ended: percent of compared rows. */
    unexplainedPercent: doublePrecision("unexplained_percent"),
    explainedPercent: doublePrecision("explained_percent"),
    openUnexplained: count("open_unexplained"),
    openExplained: count("open_explained"),
    reportId: uuid("report_id"),
  },
  (table) => [
    index("reconciliation_runs_table_idx").on(table.tableId, table.queuedAt),
    index("reconciliation_runs_ended_idx").on(table.endedAt),
    uniqueIndex("reconciliation_runs_open_idx")
      .on(table.tableId)
      .where(sql`${table.state} in ('QUEUED', 'RUNNING') and ${table.scope} <> 'keys'`),
  ],
);

/** One differing row, by its key. Values are never kept: they are read from both ends when somebody looks. */
export const reconciliationDiscrepancies = pgTable(
  "reconciliation_discrepancies",
  {
    id: bigserial("id", { mode: "number" }).primaryKey(),
    tableId: count("table_id")
      .notNull()
      .references(() => reconciliationTables.id),
    /** SHA-256 of `engine_key`. */
    keyHash: text("key_hash").notNull(),
    /** The key as the comparison writes it, the same on both ends. */
    engineKey: text("engine_key").notNull(),
    key: jsonb("key").$type<RowKey>().notNull(),
    /** `id=42`, for reading and searching. */
    keyText: text("key_text").notNull(),
    type: text("type").$type<MismatchType>().notNull(),
    columns: text("columns").array().notNull(),
    reason: text("reason").$type<ReasonClass>(),
    cause: text("cause").$type<DriftCause>().notNull(),
    attribution: jsonb("attribution").$type<Attribution>(),
    sourceHash: text("source_hash"),
    targetHash: text("target_hash"),
    state: text("state").$type<DiscrepancyState>().notNull(),
    firstSeen: moment("first_seen").notNull(),
    lastSeen: moment("last_seen").notNull(),
    firstRunId: uuid("first_run_id").notNull(),
    lastRunId: uuid("last_run_id").notNull(),
    endedAt: moment("ended_at"),
    ignoredUntil: moment("ignored_until"),
    decidedBy: text("decided_by"),
    decidedReason: text("decided_reason"),
  },
  (table) => [
    uniqueIndex("reconciliation_discrepancies_live_idx")
      .on(table.tableId, table.keyHash)
      .where(sql`${table.state} in ('open', 'ignored')`),
    index("reconciliation_discrepancies_table_idx").on(table.tableId, table.state, table.id),
    index("reconciliation_discrepancies_run_idx").on(table.lastRunId),
  ],
);

/** Frozen results as handed out: one run's, or the newest of every table of a pipeline. */
export const reconciliationReports = pgTable(
  "reconciliation_reports",
  {
    id: uuid("id").primaryKey(),
    cluster: text("cluster").notNull(),
    source: text("source").notNull(),
    generatedAt: moment("generated_at").notNull(),
    generatedBy: text("generated_by").notNull(),
    body: jsonb("body").$type<ReconciliationReport>().notNull(),
  },
  (table) => [
    index("reconciliation_reports_pipeline_idx").on(table.cluster, table.source, table.generatedAt),
  ],
);

/** Rows of a repair plan, frozen with what both ends held then. */
export const reconciliationRepairItems = pgTable(
  "reconciliation_repair_items",
  {
    repairId: uuid("repair_id").notNull(),
    position: integer("position").notNull(),
    discrepancyId: count("discrepancy_id").notNull(),
    tableId: count("table_id").notNull(),
    type: text("type").$type<MismatchType>().notNull(),
    /** Hash of the target's row when the plan was made; null: it was missing. */
    targetHash: text("target_hash"),
  },
  (table) => [unique("reconciliation_repair_items_key").on(table.repairId, table.position)],
);
