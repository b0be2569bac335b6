import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import { eventFacts } from "./event-facts.ts";
import { findSinksNow } from "./find-sinks-now.ts";
import type { StoredRow } from "./list-records.ts";
import { hashKey } from "./read-record.ts";

export interface LaterEvent {
  offset: number;
  /** When it was written to Kafka. */
  at: Date;
  op: string | null;
  /** False: the sink has not committed past it; null: the group's position is not known. */
  delivered: boolean | null;
  /** Set where this event became a dead letter itself. */
  deadLetterId: number | null;
}

export interface LaterEvents {
  /** `partial`: there is more behind `scannedTo`. */
  scan: "complete" | "partial" | "not_scanned";
  /** Why it is not complete, in one sentence. */
  problem: string | undefined;
  events: LaterEvent[];
  /** True where more events of the row were found than are listed. */
  isCut: boolean;
  scannedRecords: number;
  scannedTo: number | null;
  end: number | null;
}

const MOST_RECORDS = 200_000;
const MOST_MS = 4_000;
const MOST_EVENTS = 50;

const none = (problem: string): LaterEvents => ({
  scan: "not_scanned",
  problem,
  events: [],
  isCut: false,
  scannedRecords: 0,
  scannedTo: null,
  end: null,
});

/** Events of the same row that came after the failed one, looked for in the topic up to a limit of records and time. */
export async function findLaterEvents(
  deps: Pick<Deps, "pool" | "cluster" | "kafka" | "registry">,
  row: StoredRow,
): Promise<LaterEvents> {
  const { original_topic: topic, original_partition: partition, original_offset: offset, key_hash } = row;
  if (topic === null || partition === null || offset === null)
    return none("The sink did not say which event failed (its dead-letter topic has no context headers)");
  if (key_hash === null) return none("The record has no key: other events of its row cannot be recognised");
  const reader = createPartitionReader({ cluster: row.cluster, ...deps.cluster(row.cluster).kafka });
  try {
    const [scanned, committed, own] = await Promise.all([
      scan(
        reader,
        { topic, partition, offset: Number(offset) + 1 },
        key_hash,
        deps.registry(row.cluster)?.avro,
      ),
      committedOffset(deps, row, topic, partition),
      deadLettersOfKey(deps, row, key_hash, topic, partition),
    ]);
    const events = scanned.events.map((event) => ({
      ...event,
      delivered: own.has(event.offset) ? false : committed === undefined ? null : event.offset < committed,
      deadLetterId: own.get(event.offset) ?? null,
    }));
    return { ...scanned, events };
  } catch (error) {
    if (error instanceof AppError) return none(`The topic was not read: ${error.message}`);
    throw error;
  } finally {
    await reader.close();
  }
}

type Scanned = Omit<LaterEvents, "events"> & { events: Pick<LaterEvent, "offset" | "at" | "op">[] };

async function scan(
  reader: PartitionReader,
  from: { topic: string; partition: number; offset: number },
  keyHash: string,
  avro: Parameters<typeof eventFacts>[1],
): Promise<Scanned> {
  const until = performance.now() + MOST_MS;
  const events: Scanned["events"] = [];
  let { offset: next } = from;
  let [records, found] = [0, 0];
  let gap: string | undefined;
  for (;;) {
    const [fetched] = await reader.fetch([{ ...from, offset: next }], {
      waitMs: 50,
      partitionBytes: 4 << 20,
    });
    if (!fetched || fetched.problem === "unknown_topic")
      return none(`Kafka no longer has the topic ${from.topic}`);
    if (fetched.problem === "refused") return none(`Kafka does not let Headgate read ${from.topic}`);
    if (fetched.problem === "out_of_range") {
      if (next > fetched.end) return none(`${from.topic} is not the topic it was: it has been made again`);
      if (next >= fetched.start) return none(`Kafka did not give the position of ${from.topic}`);
      gap = `Retention has removed ${fetched.start - next} events after the failed one; among them may be some of this row`;
      next = fetched.start;
      continue;
    }
    for (const record of fetched.records) {
      records += 1;
      const { key } = record;
      if (key === null || hashKey(from.topic, key).text !== keyHash) continue;
      found += 1;
      if (events.length < MOST_EVENTS)
        events.push({
          offset: record.offset,
          at: new Date(record.timestamp),
          op: record.value === null ? "tombstone" : (await eventFacts(record.value, avro)).op,
        });
    }
    const moved = fetched.next > next;
    next = fetched.next;
    const state = {
      events,
      isCut: found > events.length,
      scannedRecords: records,
      scannedTo: next,
      end: fetched.end,
    };
    if (fetched.problem === "broken_batch")
      return { ...state, scan: "partial", problem: `The topic cannot be read at ${next}: ${fetched.reason}` };
    if (next >= fetched.end) return { ...state, scan: gap ? "partial" : "complete", problem: gap };
    const spent = records >= MOST_RECORDS || performance.now() > until;
    if (spent || (!moved && fetched.problem !== "moved"))
      return {
        ...state,
        scan: "partial",
        problem: `Looked through ${records} events; ${fetched.end - next} newer ones were not looked at`,
      };
  }
}

async function committedOffset(
  { kafka }: Pick<Deps, "kafka">,
  row: StoredRow,
  topic: string,
  partition: number,
): Promise<number | undefined> {
  if (!row.connector) return undefined;
  try {
    const committed = await kafka(row.cluster).committedOffsets(`connect-${row.connector}`, [topic]);
    return committed.get(topic)?.get(partition);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** Where the row's own sink has failed: another that reads the topic may have written what this one could not. */
async function deadLettersOfKey(
  { pool }: Pick<Deps, "pool">,
  { id, cluster }: StoredRow,
  keyHash: string,
  topic: string,
  partition: number,
): Promise<Map<number, number>> {
  const [{ rows }, sinkNow] = await Promise.all([
    pool.query<{ id: string; original_offset: string; connector: string; is_open: boolean }>(
      `select d.id, d.original_offset, home.connector, d.status = 'PENDING' as is_open
         from dead_letters d join dead_letter_groups home on home.id = coalesce(d.home_group_id, d.group_id)
        where d.key_hash = $1 and d.original_topic = $2 and d.original_partition = $3 and d.original_offset is not null
          and home.cluster = $4 and (d.status = 'PENDING' or d.id = $5)
        order by d.id <> $5, d.original_offset limit 1000`,
      [keyHash, topic, partition, cluster, id],
    ),
    findSinksNow({ pool }, cluster),
  ]);
  const own = sinkNow(rows[0]?.connector ?? "", topic);
  const open = rows.filter(({ is_open, connector }) => is_open && sinkNow(connector, topic) === own);
  return new Map(open.map((row) => [Number(row.original_offset), Number(row.id)]));
}
