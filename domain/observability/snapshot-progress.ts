import { z } from "zod";

const Notification = z.object({
  aggregate_type: z.string(),
  type: z.string(),
  additional_data: z.record(z.string(), z.string().nullish()).nullish(),
  timestamp: z.coerce.number(),
});
export type Notification = z.infer<typeof Notification>;

export const ScannedTable = z.object({
  table: z.string(),
  /** Rows the scan read; known when it is done. */
  rows: z.number().nullable(),
  /** SUCCEEDED, EMPTY, NO_PRIMARY_KEY, SKIPPED, SQL_EXCEPTION, UNKNOWN_SCHEMA */
  status: z.string(),
});

/** The latest snapshot of a source, as its notifications tell it. */
export const SnapshotProgress = z.object({
  kind: z.enum(["initial", "incremental"]),
  state: z.enum(["running", "paused", "completed", "aborted", "skipped"]),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Tables in the snapshot; empty until the first scan is reported. */
  tables: z.array(z.string()),
  current: z.string().nullable(),
  scanned: z.array(ScannedTable),
});
export type SnapshotProgress = z.infer<typeof SnapshotProgress>;

const ENDS: Record<string, "completed" | "aborted" | "skipped"> = {
  COMPLETED: "completed",
  ABORTED: "aborted",
  SKIPPED: "skipped",
};

export function readNotification(value: unknown): Notification | undefined {
  const parsed = Notification.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Adds notifications in the order of their own clock: the topic may have several partitions. */
export function addNotifications(
  known: SnapshotProgress | undefined,
  notifications: readonly Notification[],
): SnapshotProgress | undefined {
  return notifications.toSorted((a, b) => a.timestamp - b.timestamp).reduce(addNotification, known);
}

function addNotification(
  known: SnapshotProgress | undefined,
  { aggregate_type, type, additional_data, timestamp }: Notification,
): SnapshotProgress | undefined {
  if (!/snapshot/i.test(aggregate_type)) return known;
  const kind = /incremental/i.test(aggregate_type) ? "incremental" : "initial";
  // An incremental snapshot announces each of its runs; a restarted source announces its initial one again.
  const current = type === "STARTED" || known?.kind !== kind ? begin(kind, timestamp) : known;
  const data = additional_data ?? {};
  const tables = listed(data.data_collections);
  const progress = { ...current, tables: union(current.tables, tables) };
  if (type === "IN_PROGRESS")
    return { ...progress, state: "running", current: data.current_collection_in_progress ?? null };
  if (type === "TABLE_SCAN_COMPLETED") {
    const table = data.scanned_collection ?? "";
    const rows = data.total_rows_scanned ? Number(data.total_rows_scanned) : null;
    const others = progress.scanned.filter((scan) => scan.table !== table);
    return { ...progress, scanned: [...others, { table, rows, status: data.status ?? "SUCCEEDED" }] };
  }
  if (type === "PAUSED") return { ...progress, state: "paused" };
  if (type === "RESUMED") return { ...progress, state: "running" };
  const end = ENDS[type];
  return end ? { ...progress, state: end, current: null, endedAt: timestamp } : progress;
}

function begin(kind: SnapshotProgress["kind"], startedAt: number): SnapshotProgress {
  return { kind, state: "running", startedAt, endedAt: null, tables: [], current: null, scanned: [] };
}

function listed(tables: string | null | undefined): string[] {
  return (tables ?? "")
    .split(",")
    .map((table) => table.trim())
    .filter((table) => table !== "");
}

function union(known: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...known, ...more])];
}
