import { type Actor, hasPermission, requirePermission } from "#domain/access/permissions.ts";
import { maskKey } from "#domain/dead-letters/key-text.ts";
import type { DeadLetterStatus, FailureStage, ListRecordsInput } from "#domain/dead-letters/schema.ts";
import type { ListPage } from "#domain/filters/list-page.ts";
import type { Deps } from "#server/deps.ts";
import { parseRecordFilter, type RecordConditions, recordConditions, shifted } from "./record-conditions.ts";

export interface DeadLetterRow {
  id: number;
  cluster: string;
  groupId: number;
  connector: string;
  table: string;
  stage: FailureStage;
  cause: string;
  message: string;
  /** Masked unless it says nothing about a person, or the reader may see payload. */
  key: string | null;
  op: string | null;
  topic: string;
  partition: number;
  offset: number;
  originalTopic: string | null;
  originalPartition: number | null;
  originalOffset: number | null;
  status: DeadLetterStatus;
  attempts: number;
  valueSize: number;
  failedAt: Date;
  recordedAt: Date;
  /** When Kafka removes the raw bytes; null: never, or not known. */
  expiresAt: Date | null;
}

export interface DeadLetterPage extends ListPage<DeadLetterRow> {
  /** The total is only known to be at least this much. */
  isTotalCapped: boolean;
}

/** Counting stops here: a screen needs to know that there are many, not how many exactly. */
const COUNT_CAP = 100_000;
/** Up to so many groups each gives its newest, which needs no sort of a million. */
const GROUPS_ONE_BY_ONE = 100;

/** Dead letters from new to old. The groups, of which there are few, answer most of a filter before a record is touched. */
export async function listRecords(
  { pool, now }: Pick<Deps, "pool" | "now">,
  actor: Actor,
  input: ListRecordsInput,
): Promise<DeadLetterPage> {
  requirePermission(actor, "console:view");
  const conditions = recordConditions(parseRecordFilter(input.filter).tokens, input.group, now());
  const groups = await groupsOf({ pool }, conditions);
  if (groups?.length === 0) return { rows: [], total: 0, isTotalCapped: false };
  const [rows, count] = await Promise.all([
    readPage(
      { pool },
      conditions,
      groups?.map((group) => group.id),
      input,
    ),
    countRecords({ pool }, conditions, groups),
  ]);
  const mayReveal = hasPermission(actor, "dead-letters:reveal");
  return { ...count, rows: rows.map((row) => toRow(row, mayReveal)) };
}

interface GroupCount {
  id: number;
  records: number;
  open: number;
}

async function groupsOf(
  { pool }: Pick<Deps, "pool">,
  { groups }: RecordConditions,
): Promise<GroupCount[] | undefined> {
  if (!groups) return undefined;
  const { rows } = await pool.query<{ id: string; records: string; open: string }>(
    `select g.id, g.records, g.open from dead_letter_groups g where ${groups.text}`,
    groups.values,
  );
  return rows.map((row) => ({ id: Number(row.id), records: Number(row.records), open: Number(row.open) }));
}

async function readPage(
  { pool }: Pick<Deps, "pool">,
  { records }: RecordConditions,
  groups: readonly number[] | undefined,
  { page, pageSize }: ListRecordsInput,
): Promise<StoredRow[]> {
  const upTo = page * pageSize;
  const values: unknown[] = [pageSize, (page - 1) * pageSize];
  const where = shifted(records, values.length);
  values.push(...where.values);
  const order = "order by d.id desc limit";
  let ids: string;
  if (groups && groups.length <= GROUPS_ONE_BY_ONE) {
    values.push(groups);
    ids = `select d.id from unnest($${values.length}::bigint[]) as wanted(id) cross join lateral
             (select d.id from dead_letters d where d.group_id = wanted.id and ${where.text} ${order} ${upTo}) d`;
  } else {
    const inGroups = groups ? ` and d.group_id = any($${values.push(groups)}::bigint[])` : "";
    ids = `select d.id from dead_letters d where ${where.text}${inGroups} ${order} ${upTo}`;
  }
  const { rows } = await pool.query<StoredRow>(
    `select d.*, g.cluster, g.connector, g.table_name, g.stage, g.cause, g.message, t.topic, t.retention_ms
       from (${ids}) as found(id)
       join dead_letters d on d.id = found.id
       join dead_letter_groups g on g.id = d.group_id
       join dead_letter_topics t on t.id = d.topic_id
      order by d.id desc limit $1 offset $2`,
    values,
  );
  return rows;
}

async function countRecords(
  { pool }: Pick<Deps, "pool">,
  { records, onlyStatus }: RecordConditions,
  groups: readonly GroupCount[] | undefined,
): Promise<{ total: number; isTotalCapped: boolean }> {
  if (onlyStatus === "" || onlyStatus === "PENDING") {
    const counts = groups ?? [await wholeCount({ pool })];
    const total = counts.reduce((sum, group) => sum + (onlyStatus === "" ? group.records : group.open), 0);
    return { total, isTotalCapped: false };
  }
  const inGroups = groups ? ` and d.group_id = any($${records.values.length + 1}::bigint[])` : "";
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from (select 1 from dead_letters d where ${records.text}${inGroups} limit ${COUNT_CAP}) d`,
    groups ? [...records.values, groups.map((group) => group.id)] : records.values,
  );
  const total = rows[0]?.n ?? 0;
  return { total, isTotalCapped: total === COUNT_CAP };
}

async function wholeCount({ pool }: Pick<Deps, "pool">): Promise<GroupCount> {
  const { rows } = await pool.query<{ records: string; open: string }>(
    "select coalesce(sum(records), 0) as records, coalesce(sum(open), 0) as open from dead_letter_groups",
  );
  return { id: 0, records: Number(rows[0]?.records), open: Number(rows[0]?.open) };
}

export interface StoredRow {
  id: string;
  cluster: string;
  group_id: string;
  error_id: string;
  connector: string;
  table_name: string;
  stage: FailureStage;
  cause: string;
  message: string;
  key_text: string | null;
  key_hash: string | null;
  op: string | null;
  topic: string;
  topic_id: number;
  incarnation: number;
  partition: number;
  offset: string;
  original_topic: string | null;
  original_partition: number | null;
  original_offset: string | null;
  status: DeadLetterStatus;
  attempts: number;
  value_size: number;
  failed_at: Date;
  recorded_at: Date;
  settled_at: Date | null;
  settled_by: string | null;
  settled_reason: string | null;
  retention_ms: string | null;
}

export function toRow(row: StoredRow, mayReveal: boolean): DeadLetterRow {
  return {
    id: Number(row.id),
    cluster: row.cluster,
    groupId: Number(row.group_id),
    connector: row.connector,
    table: row.table_name,
    stage: row.stage,
    cause: row.cause,
    message: row.message,
    key: row.key_text === null || mayReveal ? row.key_text : maskKey(row.key_text),
    op: row.op,
    topic: row.topic,
    partition: row.partition,
    offset: Number(row.offset),
    originalTopic: row.original_topic,
    originalPartition: row.original_partition,
    originalOffset: row.original_offset === null ? null : Number(row.original_offset),
    status: row.status,
    attempts: row.attempts,
    valueSize: row.value_size,
    failedAt: row.failed_at,
    recordedAt: row.recorded_at,
    expiresAt:
      row.retention_ms === null ? null : new Date(row.recorded_at.getTime() + Number(row.retention_ms)),
  };
}
