import { stringify } from "csv-stringify/sync";

/** A dead letter as it leaves the console: the fields of the record, and where Headgate put it. */
export interface ExportedRecord {
  id: number;
  cluster: string;
  group: number;
  connector: string;
  table: string;
  stage: string;
  cause: string;
  original_topic: string | null;
  original_partition: number | null;
  original_offset: number | null;
  original_key: string | null;
  op: string | null;
  error_timestamp: string;
  error_class: string;
  error_message: string;
  error_stack_trace: string;
  retry_count: number;
  resolution_status: string;
  settled_at: string | null;
  settled_by: string | null;
  settled_reason: string | null;
  dead_letter_topic: string;
  dead_letter_partition: number;
  dead_letter_offset: number;
  value_bytes: number;
  expires_at: string | null;
  /** Base64, where the export was asked with payload. */
  original_key_base64?: string | null;
  original_value_base64?: string | null;
}

const COLUMNS = [
  "id",
  "cluster",
  "group",
  "connector",
  "table",
  "stage",
  "cause",
  "original_topic",
  "original_partition",
  "original_offset",
  "original_key",
  "op",
  "error_timestamp",
  "error_class",
  "error_message",
  "error_stack_trace",
  "retry_count",
  "resolution_status",
  "settled_at",
  "settled_by",
  "settled_reason",
  "dead_letter_topic",
  "dead_letter_partition",
  "dead_letter_offset",
  "value_bytes",
  "expires_at",
] as const satisfies readonly (keyof ExportedRecord)[];
const PAYLOAD = ["original_key_base64", "original_value_base64"] as const;

export function csvHead(payload: boolean): string {
  return stringify([[...COLUMNS, ...(payload ? PAYLOAD : [])]]);
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe in front. */
export function csvLines(records: readonly ExportedRecord[], payload: boolean): string {
  const columns = [...COLUMNS, ...(payload ? PAYLOAD : [])];
  return stringify(
    records.map((record) => columns.map((column) => record[column] ?? "")),
    { escape_formulas: true },
  );
}

export function jsonLines(records: readonly ExportedRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join("");
}
