import type { Status } from "#components/ui/status-badge.tsx";
import type {
  CheckedTableState,
  CheckMethod,
  CheckTrigger,
  DiscrepancyState,
  DriftCause,
  MismatchType,
  ReasonClass,
  ReconciliationState,
} from "#domain/reconciliation/schema.ts";

/** `ok` alone is healthy: what nobody checked, or checked too long ago, is unknown. */
export const TABLE_STATUS: Record<CheckedTableState, Status> = {
  ok: "healthy",
  drift_explained: "degraded",
  drift_unexplained: "failed",
  not_checked: "unknown",
  not_verifiable: "unknown",
  stale: "unknown",
  running: "working",
};

export const TABLE_WORDS: Record<CheckedTableState, string> = {
  ok: "equal",
  drift_explained: "drift explained",
  drift_unexplained: "drift unexplained",
  not_checked: "not checked",
  not_verifiable: "not verifiable",
  stale: "stale",
  running: "running",
};

export const RUN_STATUS: Record<ReconciliationState, Status> = {
  QUEUED: "held",
  RUNNING: "working",
  COMPLETED: "healthy",
  FAILED: "failed",
};

export const METHOD_WORDS: Record<CheckMethod, string> = {
  row_count: "row count",
  checksum: "checksum",
  timestamp_window: "timestamp window",
  sample: "sample",
};

export const TRIGGER_WORDS: Record<CheckTrigger, string> = {
  schedule: "on schedule",
  demand: "on demand",
  repair: "after a repair",
};

export const ROW_STATUS: Record<DiscrepancyState, Status> = {
  open: "degraded",
  repaired: "healthy",
  resolved: "healthy",
  ignored: "held",
};

export const TYPE_WORDS: Record<MismatchType, string> = {
  missing_in_target: "missing in target",
  missing_in_source: "missing in source",
  value_mismatch: "values differ",
};

export const CAUSE_WORDS: Record<DriftCause, string> = {
  dead_letter: "dead letter",
  held_schema_change: "held schema change",
  excluded_column: "excluded column",
  sink_paused: "sink paused",
  truncation: "truncated",
  profile: "processing profile",
  representation: "representation only",
  unexplained: "unexplained",
};

export const REASON_WORDS: Record<ReasonClass, string> = {
  trim: "equal without blanks at the ends",
  case: "equal without case",
  unicode_form: "equal in another Unicode form",
  rounding: "equal when rounded",
  time_offset: "shifted by a whole offset",
  time_precision: "equal at a coarser precision",
  empty_or_null: "empty against NULL",
  json_meaning: "the same JSON written differently",
  truncated: "cut short",
  unchanged_placeholder: "placeholder for an unchanged value",
  different: "different",
};
