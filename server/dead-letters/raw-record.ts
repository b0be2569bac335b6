import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import { foundAt } from "./letter-source.ts";
import type { StoredRow } from "./list-records.ts";

export interface RawRecord {
  key: Buffer | null;
  value: Buffer | null;
  headers: [name: string, value: Buffer | null][];
  /** `copy`: Kafka no longer has it, and our copy does. */
  from: "kafka" | "copy";
}

export async function findStored({ pool }: Pick<Deps, "pool">, id: number): Promise<StoredRow> {
  const { rows } = await pool.query<StoredRow>(
    `select d.*, g.cluster, g.connector, g.table_name, g.stage, g.cause, g.message, t.topic, t.retention_ms
       from dead_letters d join dead_letter_groups g on g.id = d.group_id join dead_letter_topics t on t.id = d.topic_id
      where d.id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) throw new AppError("not_found", "There is no such dead letter");
  return row;
}

/** The record as it lies in Kafka, or in our copy; undefined once both have expired. A given reader stays open. */
export async function readRaw(
  { pool, cluster }: Pick<Deps, "pool" | "cluster">,
  row: Pick<StoredRow, "cluster" | "topic" | "topic_id" | "incarnation" | "partition" | "offset">,
  given?: PartitionReader,
): Promise<RawRecord | undefined> {
  const copy = await readCopy({ pool }, row);
  if (copy) return copy;
  const { rows } = await pool.query<{ incarnation: number; is_gone: boolean }>(
    `select held.incarnation, topic.gone_at is not null as is_gone
       from dead_letter_positions held join dead_letter_topics topic on topic.id = held.topic_id
      where held.topic_id = $1 and held.partition = $2`,
    [row.topic_id, row.partition],
  );
  if (rows[0]?.incarnation !== row.incarnation) return undefined;
  const reader = given ?? createPartitionReader({ cluster: row.cluster, ...cluster(row.cluster).kafka });
  try {
    const offset = Number(row.offset);
    const [fetched] = await reader.fetch([{ topic: row.topic, partition: row.partition, offset }], {
      partitionBytes: 1,
      waitMs: 0,
    });
    if (rows[0].is_gone && fetched?.problem === "unknown_topic") return undefined;
    const [record] = foundAt(row.cluster, `${row.topic}/${row.partition}`, fetched).records;
    if (record?.offset !== offset) return undefined;
    return { key: record.key, value: record.value, headers: record.headers(), from: "kafka" };
  } finally {
    if (!given) await reader.close();
  }
}

async function readCopy(
  { pool }: Pick<Deps, "pool">,
  row: Pick<StoredRow, "topic_id" | "incarnation" | "partition" | "offset">,
): Promise<RawRecord | undefined> {
  const { rows } = await pool.query<{
    key: Buffer | null;
    value: Buffer | null;
    headers: [string, string | null][];
  }>(
    `select key, value, headers from dead_letter_copies where topic_id = $1 and incarnation = $2 and partition = $3 and "offset" = $4`,
    [row.topic_id, row.incarnation, row.partition, row.offset],
  );
  const [copy] = rows;
  if (!copy) return undefined;
  return {
    key: copy.key,
    value: copy.value,
    headers: copy.headers.map(([name, value]) => [
      name,
      value === null ? null : Buffer.from(value, "base64"),
    ]),
    from: "copy",
  };
}
