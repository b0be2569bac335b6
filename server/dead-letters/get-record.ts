import { type Actor, hasPermission, requirePermission } from "#domain/access/permissions.ts";
import { causeById } from "#domain/dead-letters/causes.ts";
import { ERROR_HEADER_PREFIX } from "#domain/dead-letters/error-headers.ts";
import type { DeadLetterId } from "#domain/dead-letters/schema.ts";
import { audited } from "#server/audit/audited.ts";
import type { Deps } from "#server/deps.ts";
import { type Decoded, decodePart } from "#server/kafka/decode-record.ts";
import { toRow } from "./list-records.ts";
import { findStored, type RawRecord, readRaw } from "./raw-record.ts";

/** One dead letter without its payload: what failed where, why, and what was tried. */
export async function getRecord({ pool }: Pick<Deps, "pool">, actor: Actor, { id }: DeadLetterId) {
  requirePermission(actor, "console:view");
  const mayReveal = hasPermission(actor, "dead-letters:reveal");
  const row = await findStored({ pool }, id);
  const [error, attempts, topic, settler] = await Promise.all([
    pool.query<{
      exception: string;
      message: string;
      chain: { exception: string; message: string }[];
      frames: string;
      failed_in: string | null;
    }>("select exception, message, chain, frames, failed_in from dead_letter_errors where id = $1", [
      row.error_id,
    ]),
    pool.query<{ run_id: string; at: Date; outcome: string; message: string | null; cause: string | null }>(
      `select a.run_id, a.at, a.outcome, a.message, g.cause from dead_letter_attempts a
         left join dead_letter_groups g on g.id = a.group_id where a.dead_letter_id = $1 order by a.at desc limit 50`,
      [id],
    ),
    pool.query<{ copy_days: number; is_gone: boolean; copy_until: Date | null }>(
      `select t.copy_days, t.gone_at is not null or coalesce(p.incarnation <> $2 or p.log_start > $4, true) as is_gone, c.expires_at as copy_until
         from dead_letter_topics t
         left join dead_letter_positions p on p.topic_id = t.id and p.partition = $3
         left join dead_letter_copies c on c.topic_id = t.id and c.incarnation = $2 and c.partition = $3 and c."offset" = $4
        where t.id = $1`,
      [row.topic_id, row.incarnation, row.partition, row.offset],
    ),
    pool.query<{ name: string }>("select name from people where id::text = $1", [row.settled_by]),
  ]);
  const [found] = error.rows;
  const [kept] = topic.rows;
  return {
    ...toRow(row, mayReveal),
    cause: causeById(row.cause),
    settled: row.settled_at && {
      at: row.settled_at,
      by: settler.rows[0]?.name ?? row.settled_by,
      reason: row.settled_reason,
    },
    error: {
      exception: found?.exception ?? "",
      message: found?.message ?? "",
      /** Root cause first. */
      chain: (found?.chain ?? []).toReversed(),
      frames: found?.frames ?? "",
      failedIn: found?.failed_in ?? null,
    },
    attemptsMade: attempts.rows.map((attempt) => ({
      runId: attempt.run_id,
      at: attempt.at,
      outcome: attempt.outcome,
      message: attempt.message,
      cause: attempt.cause,
    })),
    /** True: Kafka has removed the raw bytes already, as far as was seen when the topic was last read. */
    isGoneFromKafka: kept?.is_gone ?? true,
    /** How long our copy of them is kept; null: there is none. */
    copyUntil: kept?.copy_until ?? null,
    copyDays: kept?.copy_days ?? 0,
    mayReveal,
  };
}

export interface RevealedRecord {
  from: RawRecord["from"] | "expired";
  key: Decoded;
  value: Decoded;
  before: unknown;
  after: unknown;
  rawKeyBase64: string | null;
  /** The first part of large values; the size says how much there is. */
  rawValueBase64: string | null;
  valueSize: number;
  headers: { name: string; value: string | null; isError: boolean }[];
}

const RAW_LIMIT = 64 * 1024;
const HEADER_LIMIT = 256 * 1024;
const DECODE_LIMIT = 1024 * 1024;

/** The payload itself, for those who may see it; each look is in the audit trail. */
export async function revealRecord(
  deps: Pick<Deps, "db" | "pool" | "cluster" | "registry">,
  actor: Actor,
  { id }: DeadLetterId,
): Promise<RevealedRecord> {
  requirePermission(actor, "dead-letters:reveal");
  const row = await findStored(deps, id);
  const subject = { cluster: row.cluster, topic: row.topic, deadLetter: String(id) };
  return await audited(
    deps.db,
    actor,
    { action: "dead-letter.reveal", subject, detail: { table: row.table_name } },
    async () => {
      const raw = await readRaw(deps, row);
      if (!raw) {
        const gone: Decoded = {
          format: "null",
          value: null,
          problem: "Kafka no longer has this record, and no copy was kept",
        };
        return {
          from: "expired",
          key: gone,
          value: gone,
          before: null,
          after: null,
          rawKeyBase64: null,
          rawValueBase64: null,
          valueSize: row.value_size,
          headers: [],
        };
      }
      const avro = deps.registry(row.cluster)?.avro;
      const headers = Object.fromEntries(raw.headers.map(([name, value]) => [name, value ?? undefined]));
      const large = (raw.value?.length ?? 0) > DECODE_LIMIT;
      const [key, value] = await Promise.all([
        decodePart({ key: raw.key, value: null, headers }, "key", avro),
        large
          ? {
              format: "hex" as const,
              value: null,
              problem: "The value is too large to be shown decoded; export it instead",
            }
          : decodePart({ key: null, value: raw.value, headers }, "value", avro),
      ]);
      const envelope =
        value.value !== null && typeof value.value === "object"
          ? (value.value as Record<string, unknown>)
          : {};
      return {
        from: raw.from,
        key,
        value,
        before: "op" in envelope ? (envelope.before ?? null) : null,
        after: "op" in envelope ? (envelope.after ?? null) : null,
        rawKeyBase64: raw.key?.subarray(0, RAW_LIMIT).toString("base64") ?? null,
        rawValueBase64: raw.value?.subarray(0, RAW_LIMIT).toString("base64") ?? null,
        valueSize: raw.value?.length ?? -1,
        headers: raw.headers.map(([name, content]) => ({
          name,
          value: content?.subarray(0, HEADER_LIMIT).toString("utf8") ?? null,
          isError: name.startsWith(ERROR_HEADER_PREFIX),
        })),
      };
    },
  );
}
