import { z } from "zod";
import { ListInput } from "../filters/list-input.ts";

/** How a row differs. */
export const MismatchType = z.enum(["missing_in_target", "missing_in_source", "value_mismatch"]);
export type MismatchType = z.infer<typeof MismatchType>;

/** Life of one comparison. An abort ends it FAILED, with who asked for it. */
export const ReconciliationState = z.enum(["QUEUED", "RUNNING", "COMPLETED", "FAILED"]);
export type ReconciliationState = z.infer<typeof ReconciliationState>;

/** What is asked of the rows: whether they are as many, whether they are equal, or a part of either. */
export const CheckMethod = z.enum(["row_count", "checksum", "timestamp_window", "sample"]);
export type CheckMethod = z.infer<typeof CheckMethod>;

/** `incremental`: keys touched since the last run, and a slice of the others · `full`: every row · `keys`: some rows again. */
export const CheckScope = z.enum(["incremental", "full", "keys"]);
export type CheckScope = z.infer<typeof CheckScope>;

/** What started a run. */
export const CheckTrigger = z.enum(["schedule", "demand", "repair"]);
export type CheckTrigger = z.infer<typeof CheckTrigger>;

/** What became of a differing row: `repaired` by a repair of ours, `resolved` by itself or by hand, both proven by a later check. */
export const DiscrepancyState = z.enum(["open", "repaired", "resolved", "ignored"]);
export type DiscrepancyState = z.infer<typeof DiscrepancyState>;

/** Why a row differs, as far as Headgate can tell; `unexplained` is the headline. */
export const DriftCause = z.enum([
  "dead_letter",
  "held_schema_change",
  "excluded_column",
  "sink_paused",
  "truncation",
  "profile",
  "representation",
  "unexplained",
]);
export type DriftCause = z.infer<typeof DriftCause>;

/** In what way two values are equal after all, or `different`. */
export const ReasonClass = z.enum([
  "trim",
  "case",
  "unicode_form",
  "rounding",
  "time_offset",
  "time_precision",
  "empty_or_null",
  "json_meaning",
  "truncated",
  "unchanged_placeholder",
  "different",
]);
export type ReasonClass = z.infer<typeof ReasonClass>;

/** States of a table. What nobody checked is `not_checked` and never counts as good. */
export const TABLE_STATES = [
  "drift_unexplained",
  "not_verifiable",
  "not_checked",
  "stale",
  "drift_explained",
  "running",
  "ok",
] as const;
export const CheckedTableState = z.enum(TABLE_STATES);
export type CheckedTableState = z.infer<typeof CheckedTableState>;

/** A typed key: column → value; integers beyond 2^53, dates and binary values as text. */
export const RowKey = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));
export type RowKey = z.infer<typeof RowKey>;

/** A column that is not compared, why, and until when. */
export const ExcludedColumn = z.object({
  column: z.string().min(1).max(200),
  reason: z.string().trim().min(1, "Say why").max(500),
  /** `profile`: the processing profile writes it, the source does not have it. */
  because: z.enum(["chosen", "profile"]).default("chosen"),
  until: z.coerce.date().nullable().default(null),
});
export type ExcludedColumn = z.infer<typeof ExcludedColumn>;

const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "Write HH:MM");

/** Hours in which scheduled runs may start; over midnight when `from` is later than `to`. */
export const CheckWindow = z.object({ from: TimeOfDay, to: TimeOfDay });
export type CheckWindow = z.infer<typeof CheckWindow>;

/** How hard a run may ask the source. */
export const Throttle = z.object({
  /** Rows read a second on the source; null: as fast as it answers. */
  rowsPerSecond: z.number().int().positive().max(100_000_000).nullable(),
  /** Longest statement on either side. */
  statementSeconds: z.number().int().min(1).max(3_600),
  /** The run waits while the source has more active sessions than this; null: it never waits. */
  pauseAboveSessions: z.number().int().positive().max(100_000).nullable(),
});
export type Throttle = z.infer<typeof Throttle>;

/** How one table is checked. */
export const TableSettings = z.object({
  enabled: z.boolean(),
  method: CheckMethod,
  /** Cron of five fields: when the incremental check starts. `H` is a minute of the table's own. */
  schedule: z.string().trim().min(1).max(100),
  /** Cron of the full pass; null: only on demand. */
  fullSchedule: z.string().trim().min(1).max(100).nullable(),
  /** IANA name in which both crons and the window are read. */
  timeZone: z.string().min(1).max(60),
  window: CheckWindow.nullable(),
  /** Drift in percent that should not be exceeded, and the one that is critical. */
  targetPercent: z.number().min(0).max(100),
  criticalPercent: z.number().min(0).max(100),
  throttle: Throttle,
  /** An incremental run also checks this fraction of the rows nobody touched: 24 means all of them once in 24 runs. */
  slices: z.number().int().min(1).max(10_000),
  excludedColumns: z.array(ExcludedColumn).max(200),
  /** For `timestamp_window`: the column that says when a row was changed. */
  timestampColumn: z.string().min(1).max(200).nullable(),
  /** For `sample`: rows drawn per run. */
  sampleRows: z.number().int().min(100).max(10_000_000),
});
export type TableSettings = z.infer<typeof TableSettings>;

export const DEFAULT_SETTINGS: TableSettings = {
  enabled: true,
  method: "checksum",
  schedule: "H * * * *",
  fullSchedule: "H 2 * * *",
  timeZone: "UTC",
  window: null,
  targetPercent: 1,
  criticalPercent: 5,
  throttle: { rowsPerSecond: null, statementSeconds: 30, pauseAboveSessions: null },
  slices: 24,
  excludedColumns: [],
  timestampColumn: null,
  sampleRows: 30_000,
};

export const CheckedTableId = z.object({ id: z.number().int().positive() });
export type CheckedTableId = z.infer<typeof CheckedTableId>;

/** Only what is given is changed; `version` is the one that was read. */
export const UpdateSettingsInput = CheckedTableId.extend({
  version: z.number().int().positive(),
  settings: TableSettings.partial(),
});
export type UpdateSettingsInput = z.infer<typeof UpdateSettingsInput>;

/** Which tables: named one by one, or those a filter of the list finds. */
export const TableSelection = z.union([
  z.object({ ids: z.array(z.number().int().positive()).min(1).max(1_000) }),
  z.object({ filter: z.string().max(1_000) }),
]);
export type TableSelection = z.infer<typeof TableSelection>;

export const StartCheckInput = z.object({
  tables: TableSelection,
  scope: z.enum(["incremental", "full"]).default("full"),
});
export type StartCheckInput = z.infer<typeof StartCheckInput>;

export const CheckRunId = z.object({ id: z.uuid() });
export type CheckRunId = z.infer<typeof CheckRunId>;

export const ListChecksInput = ListInput.extend({ tableId: z.number().int().positive().optional() });
export type ListChecksInput = z.infer<typeof ListChecksInput>;

export const ListDiscrepanciesInput = ListInput.extend({
  tableId: z.number().int().positive().optional(),
  /** Those this run saw. */
  runId: z.uuid().optional(),
});
export type ListDiscrepanciesInput = z.infer<typeof ListDiscrepanciesInput>;

export const DiscrepancyId = z.object({ id: z.number().int().positive() });
export type DiscrepancyId = z.infer<typeof DiscrepancyId>;

const Reason = z.string().trim().min(1, "Say why").max(2_000);

/** Which differing rows: chosen one by one, or all open ones of a table that a filter finds. */
export const DiscrepancySelection = z.union([
  z.object({ ids: z.array(z.number().int().positive()).min(1).max(5_000) }),
  z.object({ tableId: z.number().int().positive(), filter: z.string().max(1_000).default("") }),
]);
export type DiscrepancySelection = z.infer<typeof DiscrepancySelection>;

export const RecheckInput = z.object({ selection: DiscrepancySelection });
export type RecheckInput = z.infer<typeof RecheckInput>;

/** Ignored until that day: without an end it would be forgotten. */
export const IgnoreInput = z.object({
  selection: DiscrepancySelection,
  reason: Reason,
  until: z.coerce.date(),
});
export type IgnoreInput = z.infer<typeof IgnoreInput>;

/** The seed's `resolve`: a person says that it is dealt with; the next check has the last word. */
export const ResolveInput = z.object({ selection: DiscrepancySelection, reason: Reason });
export type ResolveInput = z.infer<typeof ResolveInput>;

/** `reread`: the source sends the rows again through the pipeline · `write`: Headgate writes them on the target, as a compare-and-swap. */
export const RepairMethod = z.enum(["reread", "write"]);
export type RepairMethod = z.infer<typeof RepairMethod>;

export const ProposeRepairInput = z.object({
  selection: DiscrepancySelection,
  method: RepairMethod.default("reread"),
});
export type ProposeRepairInput = z.infer<typeof ProposeRepairInput>;

export const HistoryInput = CheckedTableId.extend({
  from: z.coerce.date(),
  to: z.coerce.date(),
});
export type HistoryInput = z.infer<typeof HistoryInput>;

export const HeatMapInput = z.object({
  days: z.number().int().min(1).max(90).default(28),
  filter: z.string().max(1_000).default(""),
});
export type HeatMapInput = z.infer<typeof HeatMapInput>;

export const CreateReportInput = z.object({
  cluster: z.string().min(1),
  source: z.string().min(1),
});
export type CreateReportInput = z.infer<typeof CreateReportInput>;

export const ReportId = z.object({ id: z.uuid() });
export type ReportId = z.infer<typeof ReportId>;
