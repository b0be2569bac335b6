import { and, eq, inArray, isNull } from "drizzle-orm";
import { databases } from "#db/schema/databases.ts";
import { observedConnectors } from "#db/schema/observed.ts";
import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { targetTable } from "#domain/catalog/target-table.ts";
import { flattens } from "#domain/catalog/topic-routing.ts";
import { producesTopic } from "#domain/connectors/produced-topics.ts";
import type { ConnectorConfig } from "#domain/connectors/schema.ts";
import { maskKey } from "#domain/dead-letters/key-text.ts";
import {
  type Agreement,
  type ComparedColumn,
  compareRow,
  concludeRow,
  type RowConclusion,
} from "#domain/dead-letters/row-comparison.ts";
import type { DeadLetterId } from "#domain/dead-letters/schema.ts";
import { AppError } from "#domain/errors/app-error.ts";
import { limitExpensive } from "#server/access/limit-expensive.ts";
import { audited } from "#server/audit/audited.ts";
import { toRegistered } from "#server/databases/registered-database.ts";
import type { Deps } from "#server/deps.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import { findLaterEvents, type LaterEvents } from "./later-events.ts";
import type { StoredRow } from "./list-records.ts";
import { findStored, readRaw } from "./raw-record.ts";
import { notRead, type RowReading, readRowNow } from "./read-row-now.ts";

/** A value that may not be shown has no text; whether it agrees with the others is told all the same. */
export interface ContextCell {
  text: string | null;
  hidden: boolean;
}

export interface ContextColumn {
  name: string;
  isKey: boolean;
  /** Undefined where the place has no such column, no such row, or was not read. */
  event: ContextCell | undefined;
  source: ContextCell | undefined;
  target: ContextCell | undefined;
  /** Target against source. */
  targetAgrees: Agreement;
  /** The dead letter against the source. */
  eventAgrees: Agreement;
}

export type ContextPlace = Omit<RowReading, "columns">;

export interface RecordContext {
  event: { state: "read" | "expired" | "undecodable"; problem: string | undefined };
  source: ContextPlace;
  target: ContextPlace;
  columns: ContextColumn[];
  conclusion: RowConclusion;
  later: LaterEvents;
  /** True: values are shown. */
  revealed: boolean;
}

type Needs = Pick<
  Deps,
  "db" | "pool" | "config" | "vault" | "readonlyPools" | "now" | "limits" | "cluster" | "kafka" | "registry"
>;

/** What became of the row since: as it is now in source and target, and later events of it. Without values. */
export async function getRecordContext(
  deps: Needs,
  actor: Actor,
  { id }: DeadLetterId,
): Promise<RecordContext> {
  requirePermission(actor, "console:view");
  await limitExpensive(deps, actor, "dead-letters.context");
  return await readContext(deps, await findStored(deps, id), false);
}

/** The same with values, for those who may see payload; each look is in the audit trail. */
export async function revealRecordContext(
  deps: Needs,
  actor: Actor,
  { id }: DeadLetterId,
): Promise<RecordContext> {
  requirePermission(actor, "dead-letters:reveal");
  await limitExpensive(deps, actor, "dead-letters.context");
  const row = await findStored(deps, id);
  const act = {
    action: "dead-letter.reveal",
    subject: { cluster: row.cluster, topic: row.topic, deadLetter: String(id) },
    detail: { table: row.table_name, rows: "source and target" },
  };
  return await audited(deps.db, actor, act, () => readContext(deps, row, true));
}

async function readContext(deps: Needs, row: StoredRow, reveal: boolean): Promise<RecordContext> {
  const [rows, later] = await Promise.all([readRows(deps, row), findLaterEvents(deps, row)]);
  const { event, source, target, compared } = rows;
  return {
    event: { state: event.state, problem: event.problem },
    source: placeOf(source),
    target: placeOf(target),
    columns: compared.map((column) => toColumn(column, new Set(Object.keys(event.key ?? {})), reveal)),
    conclusion: concludeRow(source.state, target.state, compared),
    later,
    revealed: reveal,
  };
}

/** Whether the target has the row as the source has it, at this moment. */
export async function concludeRowNow(deps: Needs, row: StoredRow): Promise<RowConclusion> {
  const { source, target, compared } = await readRows(deps, row);
  return concludeRow(source.state, target.state, compared);
}

async function readRows(deps: Needs, row: StoredRow) {
  const [event, connectors] = await Promise.all([readEvent(deps, row), findConnectors(deps, row)]);
  const registered = (await deps.db.select().from(databases).where(eq(databases.cluster, row.cluster))).map(
    toRegistered,
  );
  const origin = event.origin ?? tableOfTopic(row.original_topic, connectors.source?.config);
  const sourceName = origin && `${origin.schema ? `${origin.schema}.` : ""}${origin.table}`;
  const targetName =
    connectors.sink && row.original_topic !== null && origin
      ? targetTable(connectors.sink.config, {
          topic: row.original_topic,
          ...origin,
          flattened: connectors.source ? flattens(connectors.source.config) : false,
        })
      : undefined;
  const [source, target] = await Promise.all([
    connectors.source
      ? readRowNow(
          deps,
          registered,
          { cluster: row.cluster, name: connectors.source.name, end: "source" },
          sourceName,
          event.key,
        )
      : notRead("No source connector is known that writes this topic", sourceName),
    connectors.sink
      ? readRowNow(
          deps,
          registered,
          { cluster: row.cluster, name: connectors.sink.name, end: "target" },
          targetName,
          event.key,
        )
      : notRead(`The sink ${row.connector || "that failed"} is not there any more`, targetName),
  ]);
  const compared = compareRow(event.row, source.columns, target.columns);
  return { event, source, target, compared };
}

interface ReadEvent {
  state: RecordContext["event"]["state"];
  problem: string | undefined;
  key: Record<string, unknown> | undefined;
  row: Record<string, unknown> | undefined;
  origin: Origin | undefined;
}

interface Origin {
  database?: string | undefined;
  schema?: string | undefined;
  table: string;
}

const DECODE_LIMIT = 1024 * 1024;

async function readEvent(deps: Needs, row: StoredRow): Promise<ReadEvent> {
  const nothing = { key: undefined, row: undefined, origin: undefined };
  let raw: Awaited<ReturnType<typeof readRaw>>;
  try {
    raw = await readRaw(deps, row);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { state: "undecodable", problem: `The record was not read: ${error.message}`, ...nothing };
  }
  if (!raw)
    return { state: "expired", problem: "Kafka no longer has this record, and no copy was kept", ...nothing };
  const avro = deps.registry(row.cluster)?.avro;
  const headers = Object.fromEntries(raw.headers.map(([name, value]) => [name, value ?? undefined]));
  const key = await decodePart({ key: raw.key, value: null, headers }, "key", avro);
  const isLarge = (raw.value?.length ?? 0) > DECODE_LIMIT;
  const value = isLarge
    ? undefined
    : await decodePart({ key: null, value: raw.value, headers }, "value", avro);
  const fields = fieldsOf(value?.value);
  const isEnvelope = fields !== undefined && "op" in fields;
  return {
    state: key.problem || value?.problem ? "undecodable" : "read",
    problem: isLarge ? "The value is too large to be compared" : (value?.problem ?? key.problem),
    key: fieldsOf(key.value),
    row: isEnvelope ? (fieldsOf(fields.after) ?? fieldsOf(fields.before)) : fields,
    origin: isEnvelope ? originOf(fieldsOf(fields.source)) : undefined,
  };
}

function originOf(source: Record<string, unknown> | undefined): Origin | undefined {
  const text = (name: string) => (typeof source?.[name] === "string" ? (source[name] as string) : undefined);
  const table = text("table");
  return table === undefined ? undefined : { database: text("db"), schema: text("schema"), table };
}

/** Without an envelope the topic tells: `prefix.schema.table`. */
function tableOfTopic(topic: string | null, source: ConnectorConfig | undefined): Origin | undefined {
  const prefix = source?.["topic.prefix"];
  if (topic === null || !prefix || !topic.startsWith(`${prefix}.`)) return undefined;
  const parts = topic.slice(prefix.length + 1).split(".");
  const table = parts.at(-1);
  return table ? { schema: parts.at(-2), table } : undefined;
}

interface FoundConnector {
  name: string;
  config: ConnectorConfig;
}

async function findConnectors(
  { db }: Pick<Deps, "db">,
  row: StoredRow,
): Promise<{ source: FoundConnector | undefined; sink: FoundConnector | undefined }> {
  const { original_topic: topic } = row;
  const rows = await db
    .select({
      name: observedConnectors.name,
      type: observedConnectors.type,
      config: observedConnectors.config,
    })
    .from(observedConnectors)
    .where(
      and(
        eq(observedConnectors.cluster, row.cluster),
        isNull(observedConnectors.removedAt),
        inArray(observedConnectors.type, ["source", "sink"]),
      ),
    );
  return {
    source:
      topic === null
        ? undefined
        : rows.find(({ type, config }) => type === "source" && producesTopic(config, topic)),
    sink: rows.find(({ type, name }) => type === "sink" && name === row.connector),
  };
}

function placeOf({ columns: _columns, ...place }: RowReading): ContextPlace {
  return place;
}

const TEXT_LIMIT = 4_000;

function toColumn(column: ComparedColumn, keys: ReadonlySet<string>, reveal: boolean): ContextColumn {
  const isKey = keys.has(column.name);
  const cell = (text: string | null | undefined): ContextCell | undefined => {
    if (text === undefined) return undefined;
    if (text === null) return { text: null, hidden: false };
    const isShown = reveal || (isKey && maskKey(text) === text);
    return isShown ? { text: text.slice(0, TEXT_LIMIT), hidden: false } : { text: null, hidden: true };
  };
  return {
    name: column.name,
    isKey,
    event: cell(textOf(column.event)),
    source: cell(column.source?.value),
    target: cell(column.target?.value),
    targetAgrees: column.targetAgrees,
    eventAgrees: column.eventAgrees,
  };
}

function textOf(value: unknown): string | null | undefined {
  if (value === undefined || value === null) return value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
