import { type Actor, requirePermission } from "#domain/access/permissions.ts";
import { listOf } from "#domain/connectors/produced-topics.ts";
import type { ConnectorConfig, ConnectorRef } from "#domain/connectors/schema.ts";
import type { Cause } from "#domain/dead-letters/causes.ts";
import { tableOfTopic } from "#domain/dead-letters/grouping.ts";
import { type KeyValue, keyText, maskKey } from "#domain/dead-letters/key-text.ts";
import { quarantinedBy } from "#domain/dead-letters/quarantine-list.ts";
import { positionText } from "#domain/dead-letters/replay-order.ts";
import type { Position } from "#domain/dead-letters/schema.ts";
import {
  type CandidateRecord,
  findRecord,
  readStoppedSink,
  type StoppedSink,
} from "#domain/dead-letters/stopped-sink.ts";
import { AppError } from "#domain/errors/app-error.ts";
import type { Deps } from "#server/deps.ts";
import { decodePart } from "#server/kafka/decode-record.ts";
import { createPartitionReader, type PartitionReader } from "#server/kafka/partition-reader.ts";
import type { LazyRecord } from "#server/kafka/record-batch.ts";

export interface StoppedSinkAnalysis {
  state: "running" | "stopped_by_record" | "stopped";
  cause: Cause | undefined;
  /** The root cause without row data. */
  message: string | undefined;
  table: string | undefined;
  record:
    | (Position & {
        /** As far as it may be shown to everybody. */
        key: string;
        /** False where another event of the row fits as well. */
        certain: boolean;
      })
    | undefined;
  /** A record that is set aside already and fits the failure: the failed task was not restarted since. */
  aside: Position | undefined;
  /** Records between the committed offsets and the ends: what waits behind the bad one. */
  waiting: number;
  quarantined: Position[];
}

type Needs = Pick<Deps, "connect" | "kafka" | "registry" | "cluster">;

/** Debezium's sink writes what one poll brought; beyond that many records of a partition the bad one cannot lie. */
const DEFAULT_POLL = 500;
const SEARCH_AT_LEAST = 2_000;
const SEARCH_AT_MOST = 50_000;

/** Why a sink stands still, and which record it cannot get past. Looks, and changes nothing. */
export async function analyseStoppedSink(
  deps: Needs,
  actor: Actor,
  { cluster, name }: ConnectorRef,
): Promise<StoppedSinkAnalysis> {
  requirePermission(actor, "console:view");
  const connect = deps.connect(cluster);
  const [status, config] = await Promise.all([connect.status(name), deps.connect(cluster).config(name)]);
  if (status.type === "source")
    throw new AppError("invalid", `${name} is a source connector; only sinks write rows`);
  const trace =
    status.tasks.find((task) => task.state === "FAILED" && task.trace)?.trace ?? status.connector.trace;
  const positions = await waitingPositions(deps, cluster, name, config);
  const facts = {
    waiting: positions.reduce((sum, { offset, end }) => sum + Math.max(0, end - offset), 0),
    quarantined: quarantinedBy(config),
  };
  if (trace === undefined)
    return {
      state: "running",
      cause: undefined,
      message: undefined,
      table: undefined,
      record: undefined,
      aside: undefined,
      ...facts,
    };
  const stopped = readStoppedSink(trace);
  const found = await findBadRecord(deps, cluster, config, stopped, positions);
  return {
    state: found.record ? "stopped_by_record" : "stopped",
    cause: stopped.cause,
    message: stopped.message,
    table: stopped.table,
    ...found,
    ...facts,
  };
}

interface WaitingPosition extends Position {
  end: number;
}

/** Where the sink's group stands in each partition of its topics. */
export async function waitingPositions(
  deps: Needs,
  cluster: string,
  name: string,
  config: ConnectorConfig,
): Promise<WaitingPosition[]> {
  const kafka = deps.kafka(cluster);
  const listed = listOf(config.topics);
  const topics = listed.length > 0 ? listed : await deps.connect(cluster).topics(name);
  const [committed, begin, end] = await Promise.all([
    kafka.committedOffsets(`connect-${name}`, topics),
    kafka.beginOffsets(topics),
    kafka.endOffsets(topics),
  ]);
  return topics.flatMap((topic) =>
    [...(end.offsets.get(topic) ?? [])].map(([partition, last]) => ({
      topic,
      partition,
      offset: Math.max(
        committed.get(topic)?.get(partition) ?? 0,
        begin.offsets.get(topic)?.get(partition) ?? 0,
      ),
      end: last,
    })),
  );
}

async function findBadRecord(
  deps: Needs,
  cluster: string,
  config: ConnectorConfig,
  stopped: StoppedSink,
  positions: readonly WaitingPosition[],
): Promise<Pick<StoppedSinkAnalysis, "record" | "aside">> {
  const nothing = { record: undefined, aside: undefined };
  if (!stopped.row && !stopped.keyDetail && !stopped.failingRow) return nothing;
  const aside = new Set(quarantinedBy(config).map(positionText));
  const poll = Number(config["consumer.override.max.poll.records"] ?? DEFAULT_POLL) || DEFAULT_POLL;
  const depth = Math.min(SEARCH_AT_MOST, Math.max(SEARCH_AT_LEAST, poll * 2));
  const reader = createPartitionReader({ cluster, ...deps.cluster(cluster).kafka });
  const avro = deps.registry(cluster)?.avro;
  const candidates: CandidateRecord[] = [];
  const setAside: CandidateRecord[] = [];
  try {
    for (const position of likelyFirst(positions, stopped.table)) {
      if (position.offset >= position.end) continue;
      for await (const record of readPartition(reader, position, depth)) {
        const candidate = await candidateOf(record, position, stopped, avro);
        if (candidate) (aside.has(positionText(candidate)) ? setAside : candidates).push(candidate);
      }
    }
  } finally {
    await reader.close();
  }
  const [match, old] = [findRecord(stopped, candidates), findRecord(stopped, setAside)];
  const isOld = old !== undefined && old.agreeing >= (match?.agreeing ?? 0);
  const isNew = match !== undefined && match.agreeing >= (old?.agreeing ?? 0);
  return {
    record: isNew
      ? {
          ...placeOf(match.record),
          key: maskKey(keyText((match.record.key ?? null) as KeyValue)),
          certain: match.certain && !isOld,
        }
      : undefined,
    aside: isOld ? placeOf(old.record) : undefined,
  };
}

function placeOf({ topic, partition, offset }: Position): Position {
  return { topic, partition, offset };
}

/** Topics whose table has the name the trace tells; all of them where none has. */
function likelyFirst(
  positions: readonly WaitingPosition[],
  table: string | undefined,
): readonly WaitingPosition[] {
  const last = table?.split(".").at(-1)?.toLowerCase();
  const likely = positions.filter(({ topic }) => {
    const name = tableOfTopic(topic).split(".").at(-1)?.toLowerCase();
    return name === last || topic.replaceAll(".", "_").toLowerCase() === last;
  });
  return likely.length > 0 ? likely : positions;
}

async function* readPartition(
  reader: PartitionReader,
  { topic, partition, offset, end }: WaitingPosition,
  depth: number,
): AsyncGenerator<LazyRecord> {
  let next = offset;
  const until = Math.min(end, offset + depth);
  while (next < until) {
    const [fetched] = await reader.fetch([{ topic, partition, offset: next }], {
      waitMs: 100,
      partitionBytes: 1 << 20,
    });
    if (!fetched || fetched.next === next) return;
    for (const record of fetched.records) if (record.offset < until) yield record;
    next = fetched.next;
  }
}

/** Decodes the key, and the value only where the key is the one the trace tells. */
async function candidateOf(
  record: LazyRecord,
  { topic, partition }: Position,
  stopped: StoppedSink,
  avro: Parameters<typeof decodePart>[2],
): Promise<CandidateRecord | undefined> {
  const headers = Object.fromEntries(record.headers().map(([name, value]) => [name, value ?? undefined]));
  const key = fieldsOf((await decodePart({ key: record.key, value: null, headers }, "key", avro)).value);
  const bare: CandidateRecord = { topic, partition, offset: record.offset, key, row: undefined };
  const isKeyKnown = key !== undefined;
  if (isKeyKnown && !findRecord(stopped, [bare]) && stopped.row) return undefined;
  const value = fieldsOf(
    (await decodePart({ key: null, value: record.value, headers }, "value", avro)).value,
  );
  return {
    ...bare,
    row: fieldsOf(value?.after) ?? fieldsOf(value?.before) ?? (value && "op" in value ? undefined : value),
  };
}

function fieldsOf(value: unknown): Record<string, unknown> | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
