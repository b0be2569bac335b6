import type { ReplayCandidate } from "#domain/dead-letters/replay-order.ts";
import { eventsBehind, type Sending } from "#domain/dead-letters/row-events.ts";
import { type Judgement, judge } from "#domain/dead-letters/verdict.ts";
import type { Deps } from "#server/deps.ts";
import { createPartitionReader } from "#server/kafka/partition-reader.ts";
import { findSinksNow } from "./find-sinks-now.ts";
import { type ScanOfPartition, scanNewerEvents } from "./scan-newer-events.ts";
import { sinkMarker } from "./sink-marker.ts";

export interface SelectedLetter {
  id: string;
  topic_id: number;
  incarnation: number;
  partition: number;
  offset: string;
  connector: string;
  original_topic: string | null;
  original_partition: number | null;
  original_offset: string | null;
  key_hash: string | null;
  failed_replays: string;
  last_marker: string | null;
}

/** Looks once at the original topics, at what else is open and at the sinks; what is found judges each letter. */
export async function prepareVerdicts(
  deps: Pick<Deps, "pool" | "cluster" | "connect">,
  cluster: string,
  letters: readonly SelectedLetter[],
): Promise<{
  /** End of each original partition, `topic/partition` → offset. */
  scannedTo: Record<string, number>;
  judgeLetter(letter: SelectedLetter): Judgement;
}> {
  const sinkNow = await findSinksNow(deps, cluster);
  const [scans, open, markers] = await Promise.all([
    scanOriginals(deps, cluster, letters),
    openOffsets(deps, cluster, letters, sinkNow),
    sinkMarkers(deps, cluster, letters),
  ]);
  const sendings = await findSendings(deps, scans);
  return {
    scannedTo: Object.fromEntries([...scans].map(([place, { scannedTo }]) => [place, scannedTo])),
    judgeLetter: (letter) => judgeLetter(letter, { scans, open, sendings, markers, sinkNow }),
  };
}

export function originalOf(letter: SelectedLetter): ReplayCandidate["original"] {
  const { original_topic: topic, original_partition: partition, original_offset: offset } = letter;
  return topic === null || partition === null || offset === null
    ? undefined
    : { topic, partition, offset: Number(offset) };
}

async function scanOriginals(
  deps: Pick<Deps, "cluster">,
  cluster: string,
  letters: readonly SelectedLetter[],
): Promise<Map<string, ScanOfPartition>> {
  const watched = letters.flatMap((letter) => {
    const original = originalOf(letter);
    return original && letter.key_hash !== null ? [{ ...original, keyHash: letter.key_hash }] : [];
  });
  const reader = createPartitionReader({ cluster, ...deps.cluster(cluster).kafka });
  try {
    return await scanNewerEvents(reader, watched);
  } finally {
    await reader.close();
  }
}

type SinkNow = Awaited<ReturnType<typeof findSinksNow>>;
type OpenOffsets = Map<string, Map<string, Set<number>>>;

/**
 * Offsets of open dead letters per sink and key: an event that failed itself has superseded nothing. What one sink failed
 * on, another that reads the same topic may have written.
 */
async function openOffsets(
  { pool }: Pick<Deps, "pool">,
  cluster: string,
  letters: readonly SelectedLetter[],
  sinkNow: SinkNow,
): Promise<OpenOffsets> {
  const keys = [...new Set(letters.flatMap((letter) => letter.key_hash ?? []))];
  const { rows } = await pool.query<{
    connector: string;
    key_hash: string;
    original_topic: string | null;
    original_offset: string;
  }>(
    `select distinct home.connector, d.key_hash, d.original_topic, d.original_offset
       from dead_letters d join dead_letter_groups home on home.id = coalesce(d.home_group_id, d.group_id)
      where d.key_hash = any($1::bigint[]) and d.status = 'PENDING' and d.original_offset is not null and home.cluster = $2`,
    [keys, cluster],
  );
  const open: OpenOffsets = new Map();
  for (const row of rows) {
    const sink = sinkNow(row.connector, row.original_topic ?? "");
    const ofSink = open.get(sink) ?? new Map<string, Set<number>>();
    open.set(sink, ofSink);
    const known = ofSink.get(row.key_hash);
    if (known) known.add(Number(row.original_offset));
    else ofSink.set(row.key_hash, new Set([Number(row.original_offset)]));
  }
  return open;
}

async function sinkMarkers(
  deps: Pick<Deps, "connect">,
  cluster: string,
  letters: readonly SelectedLetter[],
): Promise<Map<string, string>> {
  const tried = new Set(
    letters.filter((letter) => Number(letter.failed_replays) > 0).map((letter) => letter.connector),
  );
  const markers = new Map<string, string>();
  for (const connector of tried) {
    const marker = await sinkMarker(deps, cluster, connector);
    if (marker !== undefined) markers.set(connector, marker);
  }
  return markers;
}

interface Findings {
  scans: ReadonlyMap<string, ScanOfPartition>;
  open: OpenOffsets;
  /** What replays have sent, per key and offset. */
  sendings: ReadonlyMap<string, ReadonlyMap<number, SendingTo>>;
  markers: ReadonlyMap<string, string>;
  sinkNow: SinkNow;
}

/** A sending, and the sink it was meant for. */
interface SendingTo extends Sending {
  connector: string;
}

const NO_OFFSETS: ReadonlySet<number> = new Set();

function judgeLetter(
  letter: SelectedLetter,
  { scans, open, sendings, markers, sinkNow }: Findings,
): Judgement {
  const original = originalOf(letter);
  const scanned = original && scans.get(`${original.topic}/${original.partition}`);
  const key = letter.key_hash ?? "";
  const topic = original?.topic ?? "";
  const sink = sinkNow(letter.connector, topic);
  const failed = open.get(sink)?.get(key) ?? NO_OFFSETS;
  const own = original?.offset ?? 0;
  const sent = sendings.get(key);
  // How a sending ended for the sink it was meant for says nothing about the others, which got the event as well.
  const sendingFor = (sending: SendingTo | undefined): Sending | undefined =>
    sending && sinkNow(sending.connector, topic) !== sink ? { ...sending, state: "delivered" } : sending;
  const events = (scanned?.events.get(key) ?? [])
    .filter((offset) => offset > own)
    .map((offset) => ({ offset, sending: sendingFor(sent?.get(offset)) }));
  return judge({
    hasKey: letter.key_hash !== null,
    scan: scanned?.scan ?? "impossible",
    ...eventsBehind(own, events, failed),
    openBefore: [...failed].filter((offset) => offset < own).length,
    openAfter: [...failed].filter((offset) => offset > own).length,
    failedReplays: Number(letter.failed_replays),
    unchangedSinceFailure:
      letter.last_marker !== null && markers.get(letter.connector) === letter.last_marker,
  });
}

/**
 * Which of the events that were found are on record as sendings of replays, and of which event each is. A header alone
 * proves nothing: whoever sends records on copies headers too.
 */
async function findSendings(
  { pool }: Pick<Deps, "pool">,
  scans: ReadonlyMap<string, ScanOfPartition>,
): Promise<Map<string, Map<number, SendingTo>>> {
  const seen = [...scans].flatMap(([place, scan]) => scan.replayed.map((event) => ({ ...event, place })));
  const found = new Map<string, Map<number, SendingTo>>();
  if (seen.length === 0) return found;
  const { rows } = await pool.query<{
    replay_id: string;
    position: number;
    connector: string;
    state: Sending["state"];
    at: string | null;
    place: string;
    of: string;
  }>(
    `select item.replay_id, item.position, item.connector, item.state, item.target_offset as at,
            letter.original_topic || '/' || letter.original_partition as place, letter.original_offset as of
       from unnest($1::uuid[], $2::int[]) as seen(replay_id, position)
       join dead_letter_replay_items item on item.replay_id = seen.replay_id and item.position = seen.position
       join dead_letter_replays replay on replay.id = item.replay_id
        and (item.state <> 'waiting' or item.position between replay.sending_from and replay.sending_to)
       join dead_letters letter on letter.topic_id = item.topic_id and letter.incarnation = item.incarnation
        and letter.partition = item.partition and letter."offset" = item."offset"
      where letter.original_offset is not null`,
    [seen.map((event) => event.replayId), seen.map((event) => event.position)],
  );
  const known = new Map(rows.map((row) => [`${row.replay_id}/${row.position}`, row]));
  for (const { keyHash, offset, replayId, position, place } of seen) {
    const row = known.get(`${replayId}/${position}`);
    if (!row || row.place !== place || (row.at !== null && Number(row.at) !== offset)) continue;
    const sendings = found.get(keyHash) ?? new Map<number, SendingTo>();
    const { of, state, connector } = row;
    found.set(keyHash, sendings.set(offset, { of: Number(of), state, connector }));
  }
  return found;
}
