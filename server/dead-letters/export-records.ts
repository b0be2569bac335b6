import { type Actor, hasPermission, requirePermission } from "#domain/access/permissions.ts";
import { type ExportRecordsInput, MOST_WITH_PAYLOAD } from "#domain/dead-letters/export.ts";
import { maskKey } from "#domain/dead-letters/key-text.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import { appendAudit } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { csvHead, csvLines, type ExportedRecord, jsonLines } from "./export-lines.ts";
import type { StoredRow } from "./list-records.ts";
import { openRawRecords, type RawRecords } from "./raw-records.ts";
import { type SelectionSql, selectionSql } from "./settle-records.ts";

export interface RecordExport {
  /** Exactly so many records follow: the selection is frozen before the first line leaves. */
  records: number;
  lines: AsyncGenerator<string>;
}

type Needs = Pick<Deps, "db" | "pool" | "limits" | "now" | "cluster">;

const PAGE = 1_000;
const PAYLOAD_PAGE = 50;
const MOST_RECORDS = 1_000_000;

/**
 * The selected dead letters as text to be streamed, newest first and redacted as on screen. The export is an act of its
 * own; it is in the trail before the first line leaves.
 */
export async function exportRecords(
  deps: Needs,
  actor: Actor,
  { format, payload, selection }: ExportRecordsInput,
): Promise<RecordExport> {
  requirePermission(actor, payload ? "dead-letters:reveal" : "console:view");
  await limitExpensive(deps, actor, "dead-letters.export");
  const most = payload ? MOST_WITH_PAYLOAD : MOST_RECORDS;
  const ids = await selectedIds(deps, await selectionSql(deps, selection, deps.now()), most);
  if (ids.length > most)
    throw new AppError("invalid", `An export takes at most ${most} records; narrow the selection`);
  await appendAudit(deps.db, actor, {
    action: payload ? "dead-letter.export-payload" : "dead-letter.export",
    subject: { format },
    outcome: "succeeded",
    detail: {
      records: ids.length,
      selection: "ids" in selection ? { records: selection.ids.length } : selection,
    },
  });
  const mayReveal = hasPermission(actor, "dead-letters:reveal");
  return { records: ids.length, lines: lines() };

  async function* lines(): AsyncGenerator<string> {
    if (format === "csv") yield csvHead(payload);
    const raw = payload ? openRawRecords(deps) : undefined;
    const size = payload ? PAYLOAD_PAGE : PAGE;
    try {
      for (let from = 0; from < ids.length; from += size) {
        const page = await readPage(deps, ids.slice(from, from + size));
        const records: ExportedRecord[] = [];
        for (const row of page)
          records.push({ ...toExported(row, mayReveal), ...(await payloadOf(raw, row)) });
        yield format === "csv" ? csvLines(records, payload) : jsonLines(records);
      }
    } finally {
      await raw?.close();
    }
  }
}

/** Ids alone, so that a million of them are a few megabytes and what changes meanwhile changes no count. */
async function selectedIds(
  { pool }: Pick<Deps, "pool">,
  { text, values }: SelectionSql,
  most: number,
): Promise<number[]> {
  const { rows } = await pool.query<[string]>({
    text: `select d.id from dead_letters d where ${text} order by d.id desc limit ${most + 1}`,
    values,
    rowMode: "array",
  });
  return rows.map(([id]) => Number(id));
}

type ExportRow = StoredRow & { exception: string; root_message: string; frames: string };

async function readPage({ pool }: Pick<Deps, "pool">, ids: readonly number[]): Promise<ExportRow[]> {
  const { rows } = await pool.query<ExportRow>(
    `select d.*, g.cluster, g.connector, g.table_name, g.stage, g.cause, g.message, t.topic, t.retention_ms,
            e.exception, e.message as root_message, e.frames
       from dead_letters d join dead_letter_groups g on g.id = d.group_id
       join dead_letter_topics t on t.id = d.topic_id
       left join dead_letter_errors e on e.id = d.error_id
      where d.id = any($1::bigint[]) order by d.id desc`,
    [ids],
  );
  return rows;
}

function toExported(row: ExportRow, mayReveal: boolean): ExportedRecord {
  const retention = row.retention_ms === null ? null : Number(row.retention_ms);
  return {
    id: Number(row.id),
    cluster: row.cluster,
    group: Number(row.group_id),
    connector: row.connector,
    table: row.table_name,
    stage: row.stage,
    cause: row.cause,
    original_topic: row.original_topic,
    original_partition: row.original_partition,
    original_offset: row.original_offset === null ? null : Number(row.original_offset),
    original_key: row.key_text === null || mayReveal ? row.key_text : maskKey(row.key_text),
    op: row.op,
    error_timestamp: row.failed_at.toISOString(),
    error_class: row.exception ?? "",
    error_message: row.root_message ?? row.message,
    error_stack_trace: row.frames ?? "",
    retry_count: row.attempts,
    resolution_status: row.status,
    settled_at: row.settled_at?.toISOString() ?? null,
    settled_by: row.settled_by,
    settled_reason: row.settled_reason,
    dead_letter_topic: row.topic,
    dead_letter_partition: row.partition,
    dead_letter_offset: Number(row.offset),
    value_bytes: row.value_size,
    expires_at: retention === null ? null : new Date(row.recorded_at.getTime() + retention).toISOString(),
  };
}

async function payloadOf(
  raw: RawRecords | undefined,
  row: StoredRow,
): Promise<Pick<ExportedRecord, "original_key_base64" | "original_value_base64">> {
  if (!raw) return {};
  const record = await raw.read(row);
  return {
    original_key_base64: record?.key?.toString("base64") ?? null,
    original_value_base64: record?.value?.toString("base64") ?? null,
  };
}
