import type { IHeaders } from "kafkajs";
import { keptHeaders } from "#domain/dead-letters/replay-headers.ts";
import type { Verdict } from "#domain/dead-letters/schema.ts";
import type { LazyRecord } from "#server/kafka/record-batch.ts";
import { type ReplayWork, skip } from "./replay-work.ts";

/** A record that is sent: its bytes, and where it came from. */
export interface ReplayItem {
  position: number;
  deadLetterId: number;
  wave: number;
  verdict: Verdict;
  connector: string;
  keyHash: string | null;
  /** Where it goes; for another topic the partition follows from the key. */
  topic: string;
  partition: number;
  /** Which attempt this is. */
  attempt: number;
  at: { topic: string; partition: number; offset: number };
  key: Buffer | null;
  value: Buffer | null;
  headers: IHeaders;
}

interface ItemRow {
  position: number;
  dead_letter_id: string;
  wave: number;
  verdict: Verdict;
  connector: string;
  key_hash: string | null;
  topic_id: number;
  incarnation: number;
  partition: number;
  offset: string;
  target_topic: string;
  target_partition: number;
}

const BATCH = 5_000;
/** A broker takes batches up to 1 MB by default, and kafkajs makes one batch per partition. */
const PARTITION_BYTES = 900_000;
const BATCH_BYTES = 16 << 20;

/** The next records of a wave with their bytes, as many as a broker takes at once; what was settled by other means meanwhile is left out. */
export async function nextBatch(
  work: ReplayWork,
  wave: number,
  atMost = BATCH,
): Promise<ReplayItem[] | undefined> {
  const { pool } = work.context.deps;
  for (;;) {
    const { rows } = await pool.query<ItemRow>(
      `select position, dead_letter_id, wave, verdict, connector, key_hash, topic_id, incarnation, partition, "offset", target_topic, target_partition
         from dead_letter_replay_items where replay_id = $1 and position >= $2 and position < $3 and wave = $4 and state = 'waiting'
        order by position limit $5`,
      [work.step.replayId, work.cursor, work.step.upTo, wave, Math.min(atMost, BATCH)],
    );
    if (rows.length === 0) return undefined;
    const changed = await changedLetters(work, rows);
    const edits = await editsOf(work, rows);
    const items: ReplayItem[] = [];
    const [settled, gone]: number[][] = [[], []];
    const sizes = new Map<string, number>();
    let total = 0;
    let end = rows.length;
    for (const [index, row] of rows.entries()) {
      const letter = changed.get(letterKey(row));
      if (letter && letter.status !== "PENDING") {
        settled?.push(row.position);
        continue;
      }
      const item = await readItem(work, row, (letter?.attempts ?? 0) + 1);
      if (!item) {
        gone?.push(row.position);
        continue;
      }
      if (edits.has(row.position)) item.value = edits.get(row.position) ?? null;
      const size = (item.key?.length ?? 0) + (item.value?.length ?? 0) + 300;
      const place = `${item.topic}/${item.partition}`;
      const placed = (sizes.get(place) ?? 0) + size;
      if (items.length > 0 && (placed > PARTITION_BYTES || total + size > BATCH_BYTES)) {
        end = index;
        break;
      }
      sizes.set(place, placed);
      total += size;
      items.push(item);
    }
    work.cursor = (rows[end - 1]?.position ?? work.cursor) + 1;
    await skip(work, settled ?? [], "It was settled by other means meanwhile");
    await skip(work, gone ?? [], "Kafka no longer has its bytes, or they cannot be unpacked");
    // All of a batch may have been left out while more wait behind it.
    if (items.length > 0) return items;
  }
}

interface ChangedLetter {
  status: string;
  attempts: number;
}

const letterKey = (row: { topic_id: number; incarnation: number; partition: number; offset: string }) =>
  `${row.topic_id}/${row.incarnation}/${row.partition}/${row.offset}`;

/** Dead letters of these places that are not as they were when they arrived; most are. */
async function changedLetters(
  { context }: ReplayWork,
  rows: readonly ItemRow[],
): Promise<Map<string, ChangedLetter>> {
  const places = new Map<string, ItemRow[]>();
  for (const row of rows) {
    const place = `${row.topic_id}/${row.incarnation}/${row.partition}`;
    const known = places.get(place);
    if (known) known.push(row);
    else places.set(place, [row]);
  }
  const changed = new Map<string, ChangedLetter>();
  for (const wanted of places.values()) {
    const [first] = wanted;
    if (!first) continue;
    const { topic_id, incarnation, partition } = first;
    const { rows: letters } = await context.deps.pool.query<ChangedLetter & { offset: string }>(
      `select "offset", status, attempts from dead_letters
        where topic_id = $1 and incarnation = $2 and partition = $3 and "offset" = any($4) and (status <> 'PENDING' or attempts > 0)`,
      [topic_id, incarnation, partition, wanted.map((row) => row.offset)],
    );
    for (const { offset, status, attempts } of letters)
      changed.set(letterKey({ topic_id, incarnation, partition, offset }), { status, attempts });
  }
  return changed;
}

async function editsOf(
  { context, step }: ReplayWork,
  rows: readonly ItemRow[],
): Promise<Map<number, Buffer | null>> {
  const { rows: edits } = await context.deps.pool.query<{ position: number; value: Buffer | null }>(
    "select position, value from dead_letter_edits where replay_id = $1 and position between $2 and $3",
    [step.replayId, rows[0]?.position ?? 0, rows.at(-1)?.position ?? 0],
  );
  return new Map(edits.map(({ position, value }) => [position, value]));
}

async function readItem(work: ReplayWork, row: ItemRow, attempt: number): Promise<ReplayItem | undefined> {
  const topic = work.topics.get(row.topic_id);
  if (!topic) return undefined;
  const at = { topic: topic.topic, partition: row.partition, offset: Number(row.offset) };
  const record =
    topic.incarnations.get(row.partition) === row.incarnation ? await work.letters.read(at) : undefined;
  const raw = record ? rawOf(record) : await readCopy(work, row);
  if (!raw) return undefined;
  return {
    position: row.position,
    deadLetterId: Number(row.dead_letter_id),
    wave: row.wave,
    verdict: row.verdict,
    connector: row.connector,
    keyHash: row.key_hash,
    topic: row.target_topic,
    partition: row.target_partition,
    attempt,
    at,
    key: raw.key,
    value: raw.value,
    headers: grouped(keptHeaders(raw.headers)),
  };
}

interface Raw {
  key: Buffer | null;
  value: Buffer | null;
  headers: [name: string, value: Buffer | null][];
}

function rawOf(record: LazyRecord): Raw {
  return { key: record.key, value: record.value, headers: record.headers() };
}

/** What the policy of the topic keeps beyond Kafka's retention. */
async function readCopy({ context }: ReplayWork, row: ItemRow): Promise<Raw | undefined> {
  const { rows } = await context.deps.pool.query<{
    key: Buffer | null;
    value: Buffer | null;
    headers: [string, string | null][];
  }>(
    `select key, value, headers from dead_letter_copies where topic_id = $1 and incarnation = $2 and partition = $3 and "offset" = $4`,
    [row.topic_id, row.incarnation, row.partition, row.offset],
  );
  const [copy] = rows;
  if (!copy) return undefined;
  const headers = copy.headers.map(([name, value]): [string, Buffer | null] => [
    name,
    value === null ? null : Buffer.from(value, "base64"),
  ]);
  return { ...copy, headers };
}

function grouped(headers: readonly [name: string, value: Buffer | null][]): IHeaders {
  const found: IHeaders = {};
  for (const [name, value] of headers) {
    const known = found[name];
    const content = value ?? Buffer.alloc(0);
    found[name] = known === undefined ? content : [...(Array.isArray(known) ? known : [known]), content];
  }
  return found;
}
